"""Words side by side that together are somebody's name: parts, initials and particles in any order."""

from collections.abc import Callable
from dataclasses import dataclass

from core.assistant.misspellings import LEAST_FUZZY
from core.assistant.name_index import NameIndex
from core.assistant.ordinary_words import is_ordinary, is_spelt_right
from core.assistant.sentences import Sentences, Word
from core.assistant.word_lists import PARTICLES

MOST_INITIALS = 4
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


class NameRuns:
    """Over one text."""

    def __init__(self, index: NameIndex, sentences: Sentences) -> None:
        self._index = index
        self._words = sentences.words
        self._is_beside: Callable[[int], bool] = sentences.is_beside
        self._known: dict[str, frozenset[int]] = {}

    def longest(self, first: int) -> Run | None:
        """The run that begins with this word."""
        people, letters, last = self._people(self._words[first]), "", first
        while not people and self._is_initials(last):
            letters += self._words[last].folded
            last += 1
            if not self._is_beside(last):
                return None
            people = self._with_initials(self._people(self._words[last]), letters)
        # "A tan" is none by the initial A.
        if not people or (letters and not self._words[last].is_capitalised):
            return None
        return self._extended(Run(first, last, last, people, len(letters) + 1))

    def _extended(self, run: Run) -> Run:
        last, people, names = run.last, run.people, run.names
        used = {self._words[last].folded}
        for place in range(last + 1, len(self._words)):
            word = self._words[place]
            # Nobody is called the same twice: a name that comes again starts a run of its own.
            if not self._is_beside(place) or (word.folded in used and not _is_initial(word)):
                break
            both = people & self._people(word) or self._called_by_initials(people, place)
            if both:
                last, people, names = place, both, names + 1
                used.add(word.folded)
            elif word.folded in PARTICLES and self._with_word(people, word):
                last = place
            elif word.folded not in PARTICLES | JOINTS:
                break
        return Run(self._first_particle(run.first, people), last, run.called, people, names)

    def _first_particle(self, first: int, people: frozenset[int]) -> int:
        """Where "van der" or "D'" before a name begins."""
        while self._is_beside(first):
            before = self._words[first - 1]
            if before.folded not in PARTICLES | JOINTS or not self._with_word(people, before):
                break
            first -= 1
        return first

    def _people(self, word: Word) -> frozenset[int]:
        found = self._known.get(word.folded)
        if found is None:
            found = self._known[word.folded] = self._looked_up(word)
        return found

    def _looked_up(self, word: Word) -> frozenset[int]:
        exact = self._index.exactly(word.folded)
        if exact or len(word.folded) < LEAST_FUZZY - 1 or is_spelt_right(word.folded):
            return frozenset(exact)
        return frozenset(
            self._index.together(word.folded)
            or self._index.nearly(word.folded)
            # "the Kohs"
            or self._index.exactly(word.folded.removesuffix("s"))
        )

    def _is_initials(self, place: int) -> bool:
        """A capital, or up to four as in "Tan WM"; "Grace is", shouted, ends with a word."""
        word = self._words[place]
        if not word.surface.isupper() or len(word.folded) > MOST_INITIALS:
            return False
        follows_shouting = place > 0 and self._words[place - 1].is_shouted
        return len(word.folded) == 1 or not (follows_shouting and is_ordinary(word.folded))

    def _called_by_initials(self, people: frozenset[int], place: int) -> frozenset[int]:
        return self._with_initials(people, self._words[place].folded) if self._is_initials(place) else frozenset()

    def _with_initials(self, people: frozenset[int], letters: str) -> frozenset[int]:
        return frozenset(one for one in people if self._index.has_initials(one, letters))

    def _with_word(self, people: frozenset[int], word: Word) -> frozenset[int]:
        return frozenset(one for one in people if self._index.has_word(one, word.folded))


def _is_initial(word: Word) -> bool:
    return len(word.folded) == 1 and word.surface.isupper()
