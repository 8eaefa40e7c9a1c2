"""Who must not be named to a model, and the index that finds their names in a text."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from core.assistant.word_lists import PARTICLES

# Letters with the marks that belong to them; Python counts the vowel signs of Indic scripts as no letters.
WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff])+")
# Chinese, Japanese and Korean names stand in a sentence without spaces round them.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
LEAST_FUZZY = 5
LEAST_TELLING = 4
"""Letters of a part that is a name in small letters, too, where it is no ordinary word."""


class Kind(StrEnum):
    """What a token says about what it stands for."""

    STUDENT = "STUDENT"
    GUARDIAN = "GUARDIAN"
    STAFF = "STAFF"
    CONTACT = "CONTACT"
    ID = "ID"
    PLACE = "PLACE"
    TEXT = "TEXT"


@dataclass(frozen=True)
class KnownPerson:
    """Someone of the roster: full and preferred name, and what else would tell who it is, word for word."""

    kind: Kind
    id: str
    names: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


def folded(word: str) -> str:
    """Without case, accents and width, so that "JOSÉ" and "jose" are one."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(char for char in plain if not "\u0300" <= char <= "\u036f")


def name_words(name: str) -> list[str]:
    return [folded(word) for word in WORD.findall(name)]


def name_parts(name: str) -> list[str]:
    """The words by which someone is called, without particles and initials."""
    return [word for word in name_words(name) if word not in PARTICLES and (len(word) > 1 or UNSPACED.match(word))]


class NameIndex:
    """Made once for a roster; finds by exact part, by a part with one slip of the pen, by initials."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        self.people = tuple(people)
        self._by_part: dict[str, set[int]] = defaultdict(set)
        self._by_shortened: dict[str, set[str]] = defaultdict(set)
        self._by_initials: dict[str, set[int]] = defaultdict(set)
        self._words: list[frozenset[str]] = []
        self.unspaced: dict[str, set[int]] = defaultdict(set)
        for place, person in enumerate(self.people):
            self._words.append(frozenset(word for name in person.names for word in name_words(name)))
            for name in person.names:
                self._add(place, name)

    def _add(self, place: int, name: str) -> None:
        if UNSPACED.search(name):
            self.unspaced[name].add(place)
        parts = name_parts(name)
        # "Wei Ming" is also written "Weiming".
        for part in [*parts, *(one + two for one, two in pairwise(parts))]:
            if part not in self._by_part:
                for shorter in _shortened(part):
                    self._by_shortened[shorter].add(part)
            self._by_part[part].add(place)
        if len(parts) > 1:
            self._by_initials["".join(part[0] for part in parts)].add(place)

    def exactly(self, word: str) -> set[int]:
        return self._by_part.get(word, set())

    def nearly(self, word: str) -> set[int]:
        """Who has a part of five letters or more that differs by one letter, or by two that changed places."""
        near = {part for shorter in (word, *_one_off(word)) for part in self._by_shortened.get(shorter, ())}
        return {place for part in near if is_one_slip(part, word) for place in self._by_part[part]}

    def by_initials(self, letters: str) -> set[int]:
        return self._by_initials.get(letters, set())

    def has_initial(self, place: int, letter: str) -> bool:
        return any(word[0] == letter for word in self._words[place])

    def has_word(self, place: int, word: str) -> bool:
        """Also for what is no part: the particles and single letters of a name."""
        return word in self._words[place]


def _shortened(part: str) -> Iterator[str]:
    """The part and everything that is left of it without one letter; what a misspelling shares with it."""
    if len(part) >= LEAST_FUZZY:
        yield part
        yield from _one_off(part)


def _one_off(word: str) -> Iterator[str]:
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
