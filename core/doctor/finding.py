"""What the doctor tells: one finding for each thing that was looked at."""

import json
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; colours alone say nothing to many people, so each has a word."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"

    @property
    def word(self) -> str:
        return {Level.GREEN: "OK", Level.AMBER: "Warning", Level.RED: "Problem"}[self]


@dataclass(frozen=True)
class Finding:
    """`name` is for programs, `about` for people; neither holds a secret, a person's name or anything written here."""

    name: str
    about: str
    level: Level
    found: str
    to_do: str = ""


@dataclass(frozen=True)
class Report:
    """Everything that one run found."""

    findings: tuple[Finding, ...]
    version: str
    commit: str | None

    @property
    def level(self) -> Level:
        """The worst of all."""
        return max((finding.level for finding in self.findings), key=list(Level).index, default=Level.GREEN)

    def many(self, level: Level) -> int:
        return sum(finding.level is level for finding in self.findings)

    def as_json(self) -> str:
        checks = [
            {
                "name": finding.name,
                "about": finding.about,
                "level": finding.level.value,
                "found": finding.found,
                "to_do": finding.to_do,
            }
            for finding in self.findings
        ]
        told = {"level": self.level.value, "version": self.version, "commit": self.commit, "checks": checks}
        return json.dumps(told, ensure_ascii=False)


def fine(name: str, about: str, found: str) -> Finding:
    return Finding(name, about, Level.GREEN, found)


def warning(name: str, about: str, found: str, to_do: str) -> Finding:
    """Works, or may work; somebody should look."""
    return Finding(name, about, Level.AMBER, found, to_do)


def problem(name: str, about: str, found: str, to_do: str) -> Finding:
    """Something does not work, or is open that must not be."""
    return Finding(name, about, Level.RED, found, to_do)
