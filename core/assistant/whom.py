"""Who or which class is meant by a teacher's words; two that fit are asked about, not guessed."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.assistant.letters import folded
from core.assistant.misspellings import LEAST_FUZZY, is_one_slip
from core.assistant.word_lists import PARTICLES

LEAST_PREFIX = 3
# Classes have digits in their names.
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff])+")
OWN_CLASS = frozenset(
    ["my class", "my form class", "the class", "class", "my students", "our class", "everyone", "all"]
)


class About(StrEnum):
    """What a candidate is."""

    STUDENT = "student"
    CLASS = "class"


@dataclass(frozen=True)
class Candidate:
    """A student or a class with all its names, the official one first."""

    kind: About
    id: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]


def candidates_for(words: str, among: Sequence[Candidate]) -> list[Candidate]:
    """All that fit best: one is meant, several are to be asked about, none is unknown.

    The full name goes before parts of a name, these before initials and beginnings, and those before a slip of the pen.
    """
    asked = _words(words)
    # An initial alone tells nobody, but a name of one character does.
    if all(len(word) == 1 and word.isascii() for word in asked):
        return []
    for fits in (_is_whole, _is_in_parts, _is_short_for, _is_nearly):
        found = [one for one in among if any(fits(asked, _words(name)) for name in one.names)]
        if found:
            return found
    return []


def _words(text: str) -> list[str]:
    return [folded(word) for word in _WORD.findall(text)]


def means_own_class(words: str) -> bool:
    """Nothing said, or words such as "my class"."""
    return not words.strip() or " ".join(words.casefold().split()) in OWN_CLASS


def _is_whole(asked: Sequence[str], name: Sequence[str]) -> bool:
    return list(asked) == list(name) or "".join(asked) == "".join(name)


def _is_in_parts(asked: Sequence[str], name: Sequence[str]) -> bool:
    return _each_has_a_part(_told(asked), name, lambda word, part: word == part)


def _is_short_for(asked: Sequence[str], name: Sequence[str]) -> bool:
    return _each_has_a_part(_told(asked), name, _shortens)


def _is_nearly(asked: Sequence[str], name: Sequence[str]) -> bool:
    return _each_has_a_part(_told(asked), name, lambda word, part: _shortens(word, part) or _slips(word, part))


def _told(asked: Iterable[str]) -> list[str]:
    """Without "bin" and the like, which stand between names and tell nobody."""
    return [word for word in asked if word not in PARTICLES] or list(asked)


def _shortens(word: str, part: str) -> bool:
    return part.startswith(word) if len(word) >= LEAST_PREFIX else word == part or (len(word) == 1 and part[0] == word)


def _slips(word: str, part: str) -> bool:
    return len(part) >= LEAST_FUZZY and is_one_slip(part, word)


def _each_has_a_part(asked: Sequence[str], name: Sequence[str], fits: Callable[[str, str], bool]) -> bool:
    """Each word takes a part of its own, or two words one that is written together."""
    left = list(name)
    for word in asked:
        part = next((one for one in left if fits(word, one)), None)
        if part is None:
            return False
        left.remove(part)
    return True
