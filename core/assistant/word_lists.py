"""Words that tell a name from an ordinary word."""

import tomllib
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


PARTICLES = _words("particles")
TITLES = _words("titles")
TITLES_BEHIND = _words("titles_behind")
NAMES = _words("names")
MONTHS = _words("months")
BEFORE_A_MONTH = _words("before_a_month")
BEFORE_OF_A_MONTH = _words("before_of_a_month")
AFTER_A_MONTH = _words("after_a_month")
AFTER_A_WORD = _words("after_a_word")
AFTER_WORDS = {word: frozenset(one["after"].split()) for one in _LISTS["after_words"] for word in one["words"].split()}
PRONOUNS = _words("pronouns")
SMALL_WORDS = _words("small_words") | PRONOUNS
AFTER_A_PERSON = _words("after_a_person")
ABBREVIATIONS = _words("abbreviations")
