"""Levels and class names, one school year on."""

import re
from collections.abc import Collection
from dataclasses import dataclass

PRIMARY = tuple(f"P{number}" for number in range(1, 7))
SECONDARY = tuple(f"Sec {number}" for number in range(1, 6))
LEVELS = (*PRIMARY, *SECONDARY)

_LAST = {"p": 6, "pri": 6, "primary": 6, "s": 5, "sec": 5, "secondary": 5}
# After the fourth year some go on to a fifth, in schools that have one.
_MAYBE_LAST = {"s": 4, "sec": 4, "secondary": 4}
_NUMBERED = re.compile(r"(?P<before>\D*?)(?P<gap>\s*)(?P<number>\d+)(?P<after>.*)", re.DOTALL)


@dataclass(frozen=True)
class Numbered:
    """P5 and Sec 2, and P5 Integrity and 2A: the first number and what stands round it."""

    before: str
    number: int
    after: str

    @property
    def next(self) -> str:
        return f"{self.before}{self.number + 1}{self.after}"


def numbered(text: str | None) -> Numbered | None:
    found = _NUMBERED.fullmatch(text or "")
    return Numbered(found["before"] + found["gap"], int(found["number"]), found["after"]) if found else None


def next_level(level: str | None, here: Collection[str | None]) -> str | None:
    """None for one without a next: of the last year, or without a number; `here` are the levels of the school."""
    one = numbered(level)
    if one is None or one.after.strip():
        return None
    stage = one.before.strip().lower()
    if one.number >= _LAST.get(stage, one.number + 1):
        return None
    if one.number == _MAYBE_LAST.get(stage) and one.next not in here:
        return None
    return one.next


def next_name(name: str, level: str | None) -> str:
    """P6 Integrity for P5 Integrity; a name whose number is not the level's stays."""
    one, of_level = numbered(name), numbered(level)
    return one.next if one and of_level and one.number == of_level.number else name
