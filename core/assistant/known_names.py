"""Who must not be named to a model, and the words of their names."""

from dataclasses import dataclass
from enum import StrEnum

from core.assistant.letters import UNSPACED, WORD, folded
from core.assistant.word_lists import PARTICLES


class Kind(StrEnum):
    """What a token says about what it stands for."""

    STUDENT = "STUDENT"
    GUARDIAN = "GUARDIAN"
    STAFF = "STAFF"
    CONTACT = "CONTACT"
    ID = "ID"
    PLACE = "PLACE"
    TEXT = "TEXT"


PEOPLE = frozenset([Kind.STUDENT, Kind.GUARDIAN, Kind.STAFF])


@dataclass(frozen=True)
class KnownPerson:
    """Someone of the roster: full and preferred name, and what else would tell who it is, word for word."""

    kind: Kind
    id: str
    names: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


def name_words(name: str) -> list[str]:
    return [folded(word) for word in WORD.findall(name)]


def name_parts(name: str) -> list[str]:
    """The words by which someone is called, without particles and initials."""
    return [word for word in name_words(name) if word not in PARTICLES and (len(word) > 1 or UNSPACED.match(word))]
