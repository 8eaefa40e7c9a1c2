"""Finds the names of known people in a text; the one decision that replacing and checking share."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from core.assistant.known_names import LEAST_FUZZY, LEAST_TELLING, UNSPACED, Kind, NameIndex
from core.assistant.ordinary_words import is_ordinary
from core.assistant.sentences import Sentences, Word
from core.assistant.spans import Span
from core.assistant.word_lists import ABBREVIATIONS, PARTICLES

INITIALS = re.compile(r"(?<!\w)(?:[A-Z]\.?[ ]?){1,5}[A-Z]\.?(?!\w)")
LEAST_INITIALS = 3
# The letters of s/o, d/o, a/l, a/p, and of D'Souza.
JOINTS = frozenset("sdaolp")


@dataclass(frozen=True)
class Run:
    """Words side by side that all belong to the same people's names."""

    first: int
    last: int
    called: int
    """Where the first part of a name stands, behind initials and particles."""
    people: frozenset[int]
    names: int
    """How many of the words are parts or initials; particles don't count."""


class NameFinder:
    """Over one index; `focus` are people the talk is about, who are meant when a name fits several."""

    def __init__(self, index: NameIndex, focus: Collection[str] = ()) -> None:
        self._index = index
        self._focus = frozenset(place for place, person in enumerate(index.people) if person.id in focus)

    def find(self, text: str) -> list[Span]:
        sentences = Sentences(text)
        return [*self._unspaced(text), *self._initials(text), *self._spaced(sentences)]

    def _spaced(self, sentences: Sentences) -> Iterator[Span]:
        place = 0
        while place < len(sentences.words):
            run = self._longest_run(sentences, place)
            if run is not None and self._is_meant(sentences, run):
                first, last = sentences.words[run.first], sentences.words[run.last]
                people = self._adults(run.people) if sentences.follows_title(run.first) else run.people
                yield self._span(first.start, last.end, people, sentences.text)
                place = run.last
            place += 1

    def _longest_run(self, sentences: Sentences, first: int) -> Run | None:
        people = self._people(sentences.words[first])
        letters = []
        last = first
        while not people and self._is_initial(sentences.words[last]):
            letters.append(sentences.words[last].folded)
            last += 1
            if last >= len(sentences.words) or not sentences.is_beside(last):
                return None
            people = self._with_initials(self._people(sentences.words[last]), letters)
        if not people:
            return None
        return self._extended(sentences, Run(first, last, last, people, len(letters) + 1))

    def _extended(self, sentences: Sentences, run: Run) -> Run:
        people, names, last = run.people, run.names, run.last
        used = {sentences.words[run.last].folded}
        for place in range(run.last + 1, len(sentences.words)):
            word = sentences.words[place]
            # Nobody is called the same twice: a name that comes again starts a run of its own.
            if not sentences.is_beside(place) or (word.folded in used and not self._is_initial(word)):
                break
            both = people & self._people(word) or self._with_same_initial(people, word)
            if not both and (word.folded in PARTICLES or word.folded in JOINTS):
                last = place if self._with_word(people, word) and word.folded in PARTICLES else last
                continue
            if not both:
                break
            people, names, last = both, names + 1, place
            used.add(word.folded)
        return Run(self._first_particle(sentences, run.first, people), last, run.called, people, names)

    def _first_particle(self, sentences: Sentences, first: int, people: frozenset[int]) -> int:
        """Where "van der" or "D'" before a name begins."""
        while sentences.is_beside(first):
            before = sentences.words[first - 1]
            if not (before.folded in PARTICLES or before.folded in JOINTS) or not self._with_word(people, before):
                break
            first -= 1
        return first

    def _with_word(self, people: frozenset[int], word: Word) -> frozenset[int]:
        return frozenset(one for one in people if self._index.has_word(one, word.folded))

    def _people(self, word: Word) -> frozenset[int]:
        exact = self._index.exactly(word.folded)
        if exact or len(word.folded) < LEAST_FUZZY - 1 or is_ordinary(word.folded):
            return frozenset(exact)
        return frozenset(self._index.nearly(word.folded))

    def _is_initial(self, word: Word) -> bool:
        return len(word.surface) == 1 and word.surface.isupper()

    def _with_initials(self, people: frozenset[int], letters: Iterable[str]) -> frozenset[int]:
        return frozenset(one for one in people if all(self._index.has_initial(one, letter) for letter in letters))

    def _with_same_initial(self, people: frozenset[int], word: Word) -> frozenset[int]:
        return self._with_initials(people, word.folded) if self._is_initial(word) else frozenset()

    def _adults(self, people: frozenset[int]) -> frozenset[int]:
        """Those whom a title may go before, unless it is nobody."""
        return frozenset(one for one in people if self._index.people[one].kind is not Kind.STUDENT) or people

    def _is_meant(self, sentences: Sentences, run: Run) -> bool:
        if run.names > 1 or sentences.follows_title(run.first):
            return True
        word = sentences.words[run.called]
        if len(word.folded) >= LEAST_TELLING and not is_ordinary(word.folded):
            return True
        if not word.is_capitalised:
            return False
        return not is_ordinary(word.folded) or sentences.reads_as_name(run.called)

    def _initials(self, text: str) -> Iterator[Span]:
        for match in INITIALS.finditer(text):
            letters = re.sub(r"[^A-Z]", "", match[0]).lower()
            people = self._index.by_initials(letters)
            is_plain = len(match[0]) == len(letters)
            if not people or len(letters) < LEAST_INITIALS - (not is_plain):
                continue
            if not is_plain or not (letters in ABBREVIATIONS or is_ordinary(letters)):
                yield self._span(match.start(), match.end(), frozenset(people), text)

    def _unspaced(self, text: str) -> Iterator[Span]:
        if not UNSPACED.search(text):
            return
        for name, people in self._index.unspaced.items():
            for match in re.finditer(re.escape(name), text):
                yield self._span(match.start(), match.end(), frozenset(people), text)

    def _span(self, start: int, end: int, people: frozenset[int], text: str) -> Span:
        meant = people & self._focus or people
        kinds = {self._index.people[one].kind for one in meant}
        kind = next(iter(kinds)) if len(kinds) == 1 else Kind.STUDENT if Kind.STUDENT in kinds else Kind.GUARDIAN
        if len(meant) == 1:
            return Span(start, end, kind, self._index.people[next(iter(meant))].id)
        return Span(start, end, kind, f"one of several called {text[start:end].casefold()}")
