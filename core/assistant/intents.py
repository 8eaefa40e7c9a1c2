"""Plain words that mean a command, by the rules of intents.toml and no model."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.assistant.commands import Name, Request

_RULES = Path(__file__).with_suffix(".toml")
# "Plan a lesson about parents' meetings" is a lesson first.
_ORDER = (Name.LESSON, Name.PTM, Name.PROGRESS)


@dataclass(frozen=True)
class _Rule:
    """One command's patterns; those of `about` say who is meant where `means` does not."""

    name: Name
    means: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str]
    about: tuple[re.Pattern[str], ...]

    def request(self, said: str) -> Request | None:
        found = next(filter(None, (pattern.search(said) for pattern in self.means)), None)
        if found is None or self.unless.search(said):
            return None
        named = [match for match in (found, *(pattern.search(said) for pattern in self.about)) if match]
        return Request(self.name, next(filter(None, map(_about, named)), ""))


def recognise(text: str) -> Request | None:
    """The command that the words mean, None for anything else; whether it names anyone is for the roster to say."""
    said = " ".join(text.split())
    return next(filter(None, (rule.request(said) for rule in _rules())), None)


@cache
def _rules() -> tuple[_Rule, ...]:
    read = tomllib.loads(_RULES.read_text(encoding="utf-8"))
    nobody = "|".join(map(re.escape, read["nobody"].split()))
    return tuple(_rule(name, read[name], read["people"], nobody) for name in _ORDER)


def _rule(name: Name, rule: dict[str, Any], people: str, nobody: str) -> _Rule:
    not_about = rule["not_about"].replace("{nobody}", nobody)

    def compiled(pattern: str) -> re.Pattern[str]:
        about = f"(?P<about>{not_about}[^,.?!]+?)" if name is not Name.LESSON else "(?P<about>.+?)"
        return re.compile(pattern.replace("{people}", people).replace("{about}", about), re.IGNORECASE)

    return _Rule(
        name,
        tuple(map(compiled, rule["means"])),
        compiled(rf"\b(?:{'|'.join(rule['unless'])})\b"),
        tuple(map(compiled, rule.get("about", ()))),
    )


def _about(match: re.Match[str]) -> str:
    return (match.groupdict().get("about") or "").strip(" ,;:'’\"“”")
