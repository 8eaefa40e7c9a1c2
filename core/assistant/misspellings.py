"""What counts as one slip of the pen, and how words that are one slip apart find each other."""

from collections.abc import Iterator

LEAST_FUZZY = 5


def shortened(part: str) -> Iterator[str]:
    """The part and everything that is left of it without one letter; what a misspelling shares with it."""
    if len(part) >= LEAST_FUZZY:
        yield part
        yield from one_off(part)


def one_off(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def is_one_slip(part: str, word: str) -> bool:
    """One letter too many, too few or wrong, or two neighbours that changed places."""
    if part == word or abs(len(part) - len(word)) > 1:
        return False
    start = _same_from_start(part, word)
    if len(part) != len(word):
        longer, shorter = (part, word) if len(part) > len(word) else (word, part)
        return longer[start + 1 :] == shorter[start:]
    if part[start + 1 :] == word[start + 1 :]:
        return True
    swapped = part[start + 1 : start + 2] + part[start : start + 1]
    return swapped == word[start : start + 2] and part[start + 2 :] == word[start + 2 :]


def _same_from_start(one: str, other: str) -> int:
    place = 0
    while place < min(len(one), len(other)) and one[place] == other[place]:
        place += 1
    return place
