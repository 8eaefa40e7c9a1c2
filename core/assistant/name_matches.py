"""Finds the names of known people in a text; the one decision that replacing and checking share."""

from collections.abc import Collection, Iterator

from core.assistant.joined_names import Found, initials, names_inside
from core.assistant.known_names import Kind
from core.assistant.name_index import NameIndex
from core.assistant.name_runs import NameRuns, Run
from core.assistant.ordinary_sentences import is_date, reads_as_name
from core.assistant.ordinary_words import is_ordinary
from core.assistant.sentences import Sentences
from core.assistant.spans import Span
from core.assistant.word_lists import SMALL_WORDS

LEAST_TELLING = 3
"""Letters of a part that is a name in small letters, too, where it is no ordinary word."""


class NameFinder:
    """Over one index; `focus` are people the talk is about, who are meant when a name fits several."""

    def __init__(self, index: NameIndex, focus: Collection[str] = ()) -> None:
        self._index = index
        self._focus = frozenset(place for place, person in enumerate(index.people) if person.id in focus)

    def find(self, sentences: Sentences) -> list[Span]:
        found = [
            *names_inside(self._index, sentences),
            *initials(self._index, sentences.text),
            *self._runs(sentences),
        ]
        return [self._span(one, sentences.text) for one in found]

    def _runs(self, sentences: Sentences) -> Iterator[Found]:
        place, runs = 0, NameRuns(self._index, sentences)
        while place < len(sentences.words):
            run = runs.longest(place)
            if run is not None and self._is_meant(sentences, run):
                first, last = sentences.words[run.first], sentences.words[run.last]
                people = self._adults(run.people) if sentences.follows_title(run.first) else run.people
                yield Found(first.start, last.end, people)
                place = run.last
            place += 1

    def _is_meant(self, sentences: Sentences, run: Run) -> bool:
        if run.names > 1 or sentences.follows_title(run.first):
            return True
        word = sentences.words[run.called]
        if not is_ordinary(word.folded):
            return word.is_capitalised or len(word.folded) >= LEAST_TELLING
        if not word.is_capitalised:
            return False
        if run.people & self._focus and word.folded not in SMALL_WORDS:
            return not is_date(sentences, run.called)
        return reads_as_name(sentences, run.called)

    def _adults(self, people: frozenset[int]) -> frozenset[int]:
        """Those whom a title may go before, unless it is nobody."""
        return frozenset(one for one in people if self._index.people[one].kind is not Kind.STUDENT) or people

    def _span(self, found: Found, text: str) -> Span:
        start, end, meant = found.start, found.end, found.people & self._focus or found.people
        kinds = {self._index.people[one].kind for one in meant}
        kind = next(iter(kinds)) if len(kinds) == 1 else Kind.STUDENT if Kind.STUDENT in kinds else Kind.GUARDIAN
        if len(meant) == 1:
            return Span(start, end, kind, self._index.people[next(iter(meant))].id)
        return Span(start, end, kind, f"one of several called {text[start:end].casefold()}")
