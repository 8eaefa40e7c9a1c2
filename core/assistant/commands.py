"""The commands: what may be typed after a slash, in one table that also makes /help."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Name(StrEnum):
    """As they are typed, without the slash."""

    PTM = "ptm"
    LESSON = "lesson"
    PROGRESS = "progress"
    HELP = "help"


@dataclass(frozen=True)
class Command:
    """`takes` and `does` are what /help says."""

    name: Name
    takes: str
    does: str


COMMANDS = (
    Command(Name.PTM, "class or student", "Prepare parent–teacher meetings"),
    Command(Name.LESSON, "subject, level, topic", "Plan a lesson"),
    Command(Name.PROGRESS, "student or class", "See how a student or a class is doing"),
    Command(Name.HELP, "", "Show this list"),
)


@dataclass(frozen=True)
class Request:
    """A command with what it is about, in the teacher's words; empty means their own class."""

    name: Name
    about: str = ""


@dataclass(frozen=True)
class UnknownCommand:
    """A slash with a word that is no command; `nearest` is what may have been meant, `about` what followed."""

    typed: str
    nearest: Name | None
    about: str = ""


# Whatever stands between a command and what it is about: a space of any kind, a new line, a comma, a colon.
_TYPED = re.compile(r"/([^\s,:;]*)[\s,:;]*(.*)", re.DOTALL)


def parse(text: str) -> Request | UnknownCommand | None:
    """None for text that starts with no slash."""
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    typed, about = found.groups()
    try:
        return Request(Name(typed.lower()), about)
    except ValueError:
        near = get_close_matches(typed.lower(), list(Name), n=1, cutoff=0.5)
        return UnknownCommand(typed, Name(near[0]) if near else None, about)
