"""What the words round a word say about it: whether "May" is a month, a wish or a girl."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.assistant.known_names import WORD, folded
from core.assistant.word_lists import AFTER_A_PERSON, BEFORE_A_MONTH, MONTHS, TITLES

GAP = re.compile(r"[ \t\u00a0]{0,2}[.,'’\-‐‑/@()]{0,2}[ \t\u00a0]{0,2}\n?[ \t]{0,2}")
STARTS = frozenset('.!?:;•\n*#|>"“”‘([')


@dataclass(frozen=True)
class Word:
    """One word of a text with its place in it."""

    start: int
    end: int
    surface: str
    folded: str

    @property
    def is_capitalised(self) -> bool:
        """Also true in scripts that have no capitals."""
        return self.surface[0].isupper() or not self.surface[0].islower()


class Sentences:
    """A text by its words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: Sequence[Word] = [
            Word(match.start(), match.end(), match[0], folded(match[0])) for match in WORD.finditer(text)
        ]

    def gap_before(self, place: int) -> str:
        return (
            self.text[self.words[place - 1].end : self.words[place].start]
            if place
            else self.text[: self.words[0].start]
        )

    def is_beside(self, place: int) -> bool:
        """Whether nothing but a space or a joint as in "s/o" or "Tan, Wei" parts a word from the one before it."""
        gap = self.gap_before(place)
        if place == 0 or not gap or not GAP.fullmatch(gap):
            return False
        # A full stop ends a sentence, but behind an initial or a title.
        before = self.words[place - 1]
        return "." not in gap or len(before.surface) == 1 or before.folded in TITLES

    def follows_title(self, place: int) -> bool:
        return self.is_beside(place) and self.words[place - 1].folded in TITLES

    def reads_as_name(self, place: int) -> bool:
        """Whether a capitalised word that is also an ordinary one is meant as a name."""
        if self._is_month(place):
            return False
        if not self._starts_sentence(place):
            return True
        rest = self.text[self.words[place].end :]
        return (
            rest.lstrip()[:1] in {"", "?", ",", ":", ")"}
            or rest[:2] in {"'s", "’s"}
            or self._next(place) in AFTER_A_PERSON
        )

    def _is_month(self, place: int) -> bool:
        if self.words[place].folded not in MONTHS:
            return False
        before = self.words[place - 1].folded if place else ""
        return before in BEFORE_A_MONTH or self._is_beside_number(place)

    def _is_beside_number(self, place: int) -> bool:
        word = self.words[place]
        return bool(
            re.search(r"\d(st|nd|rd|th)?\s*$", self.text[: word.start]) or re.match(r"\s*\d", self.text[word.end :])
        )

    def _starts_sentence(self, place: int) -> bool:
        gap = self.gap_before(place)
        return place == 0 or not STARTS.isdisjoint(gap)

    def _next(self, place: int) -> str:
        following = place + 1
        return self.words[following].folded if following < len(self.words) and self.is_beside(following) else ""
