"""A text by its words, and what stands between them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from core.assistant.letters import APOSTROPHES, WORD, folded
from core.assistant.readings import MARKUP, TAG
from core.assistant.word_lists import TITLES

_ENTITY = r"&(?:#\d{1,5}|amp|emsp|ensp|nbsp|shy|thinsp|zwj|zwnj);|%(?:0A|0D|20)"
GAP = re.compile(rf"(?:\s|[.,'’‘´{APOSTROPHES}‐-―/\\@()\[\]|+=“”\"-]|{_ENTITY}|{MARKUP}){{1,8}}")
# The letters of markup are no words.
WORDS = re.compile(rf"{TAG}|{_ENTITY}|(?P<word>{WORD.pattern})")
STARTS = frozenset('.!?:;•\n|"“”‘([')


class Word(NamedTuple):
    """One word of a text with its place in it; a tuple, since a long text makes thousands."""

    start: int
    end: int
    surface: str
    folded: str

    @property
    def is_capitalised(self) -> bool:
        """Any capital in it; also true in scripts that have none."""
        return self.surface != self.surface.lower() or not self.surface[0].islower()

    @property
    def is_shouted(self) -> bool:
        return len(self.surface) > 1 and self.surface.isupper()


class Sentences:
    """A text by its words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: Sequence[Word] = [
            Word(match.start(), match.end(), match[0], folded(match[0]))
            for match in WORDS.finditer(text)
            if match["word"]
        ]

    def gap_before(self, place: int) -> str:
        start = self.words[place - 1].end if place else 0
        return self.text[start : self.words[place].start]

    def is_beside(self, place: int) -> bool:
        """Whether nothing but a space, markup or a joint as in "s/o" or "Tan, Wei" parts it from the word before."""
        if not 0 < place < len(self.words):
            return False
        gap = self.gap_before(place)
        if not GAP.fullmatch(gap) or gap.count("\n") > 1:
            return False
        # A full stop ends a sentence, but behind an initial or a title.
        before = self.words[place - 1]
        return "." not in gap or len(before.surface) == 1 or before.folded in TITLES

    def follows_title(self, place: int) -> bool:
        return self.is_beside(place) and self.words[place - 1].folded in TITLES

    def starts_sentence(self, place: int) -> bool:
        return place == 0 or not STARTS.isdisjoint(self.gap_before(place))

    def before(self, place: int, by: int = 1) -> str:
        """The word before, in small letters; empty where there is none."""
        return self.words[place - by].folded if place >= by else ""

    def after(self, place: int) -> str:
        return self.words[place + 1].folded if self.is_beside(place + 1) else ""
