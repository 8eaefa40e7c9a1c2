"""The index that finds known people by a part of a name, by one misspelt, written together or shortened."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from core.assistant.known_names import KnownPerson, name_parts, name_words
from core.assistant.letters import HAN
from core.assistant.misspellings import is_one_slip, one_off, shortened
from core.assistant.word_lists import TITLES_BEHIND

LEAST_TOGETHER = 4
LEAST_INSIDE = 3
"""Letters of a part that is found inside a word of a script with suffixes; two are enough in Chinese and Korean."""
VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
"""What ends a word in a consonant, and goes when a suffix follows."""


class NameIndex:
    """Made once for a roster."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        self.people = tuple(people)
        self._by_part: dict[str, set[int]] = defaultdict(set)
        self._by_shortened: dict[str, set[str]] = defaultdict(set)
        self._by_initials: dict[str, set[int]] = defaultdict(set)
        self._inside: dict[str, set[int]] = defaultdict(set)
        self._words: list[frozenset[str]] = []
        self._initials: list[Counter[str]] = []
        for place, person in enumerate(self.people):
            self._words.append(frozenset(word for name in person.names for word in name_words(name)))
            self._initials.append(Counter(word[0] for word in self._words[place]))
            for name in person.names:
                self._add(place, name)
        self._longest_inside = max(map(len, self._inside), default=0)

    def _add(self, place: int, name: str) -> None:
        parts = name_parts(name)
        for part in [*parts, *_pairs(parts, name_words(name))]:
            if part not in self._by_part:
                for shorter in shortened(part):
                    self._by_shortened[shorter].add(part)
            self._by_part[part].add(place)
            for inner in _inner(part):
                self._inside[inner].add(place)
            for piece in _pieces(part):
                self._by_part[piece].add(place)
        for initials in _initials(parts):
            self._by_initials[initials].add(place)

    def exactly(self, word: str) -> set[int]:
        return self._by_part.get(word, set())

    def nearly(self, word: str) -> set[int]:
        """Who has a part of five letters or more that differs by one letter, or by two that changed places."""
        near = {part for shorter in (word, *one_off(word)) for part in self._by_shortened.get(shorter, ())}
        return {place for part in near if is_one_slip(part, word) for place in self._by_part[part]}

    def together(self, word: str) -> set[int]:
        """Who has all the parts that the word is made of, in any order: "mingwei", "zacharytan"."""
        return self._made_of(word, None) if len(word) >= LEAST_TOGETHER else set()

    def _made_of(self, rest: str, among: set[int] | None) -> set[int]:
        found = self.exactly(rest) & among if among is not None else set()
        for cut in range(2, len(rest) - 1):
            people = self._by_part.get(rest[:cut])
            people = people & among if people and among is not None else people
            if people:
                found = found | self._made_of(rest[cut:], people)
        return found

    def inside(self, word: str) -> Iterator[tuple[int, int, set[int]]]:
        """Where known parts stand in a word to whose ends other words or suffixes are joined."""
        start = 0
        while start < len(word):
            ends = range(min(len(word), start + self._longest_inside), start + 1, -1)
            end = next((end for end in ends if word[start:end] in self._inside), None)
            if end is not None:
                yield start, end, self._inside[word[start:end]]
            start = end or start + 1

    def by_initials(self, letters: str) -> set[int]:
        return self._by_initials.get(letters, set())

    def has_initials(self, place: int, letters: str) -> bool:
        has = self._initials[place]
        return letters[:1] in has and Counter(letters) <= has

    def has_word(self, place: int, word: str) -> bool:
        """Also for what is no part: the particles and single letters of a name."""
        return word in self._words[place]


def _pairs(parts: Sequence[str], words: Sequence[str]) -> Iterator[str]:
    """Neighbours written as one: "Weiming" for "Wei Ming", "DSouza", "Binrahman"."""
    yield from (one + two for one, two in pairwise(parts))
    yield from (one + two for one, two in pairwise(words) if len(two) >= LEAST_INSIDE)


def _pieces(part: str) -> list[str]:
    """A Chinese or Korean name is written without a space behind the surname, which has one letter or two."""
    cut = (part[:1], part[:2], part[1:], part[2:]) if HAN.fullmatch(part) else ()
    return [piece for piece in cut if piece]


def _inner(part: str) -> Iterator[str]:
    """What of a part may stand inside a word."""
    if HAN.fullmatch(part):
        yield from (piece for piece in (part, part[1:], part[2:]) if len(piece) > 1)
        yield from (part[0] + title for title in TITLES_BEHIND)
    elif not part.isascii() and len(part) >= LEAST_INSIDE:
        yield part.rstrip(VIRAMAS)


def _initials(parts: Sequence[str]) -> Iterator[str]:
    """In order, and with the surname from the first place to the last or the other way round."""
    letters = "".join(part[0] for part in parts)
    if len(letters) > 1:
        yield from (letters, letters[1:] + letters[0], letters[-1] + letters[:-1])
