"""Names that are less than a word, or only its first letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.assistant.letters import is_mark
from core.assistant.name_index import NameIndex
from core.assistant.ordinary_words import is_ordinary
from core.assistant.sentences import Sentences, Word
from core.assistant.word_lists import ABBREVIATIONS

INITIALS = re.compile(r"(?<!\w)(?:(?:[A-Z]\.?[ ]?){1,5}[A-Z]\.?|(?:[a-z]\.[ ]?){2,5}[a-z]\.?)(?!\w)")
LEAST_INITIALS = 3


@dataclass(frozen=True)
class Found:
    """Where in a text, and whom it may mean."""

    start: int
    end: int
    people: frozenset[int]


def names_inside(index: NameIndex, sentences: Sentences) -> Iterator[Found]:
    """In scripts that put no space round a name, or suffixes behind it."""
    for place, word in enumerate(sentences.words):
        if not word.folded.isascii():
            for start, end, people in index.inside(word.folded):
                found = _placed(word, start, end, frozenset(people))
                before = sentences.words[place - 1] if start == 0 and sentences.is_beside(place) else None
                # A surname stands at the end of the word before.
                whose = found.people & index.exactly(before.folded[-1]) if before else None
                yield Found(before.end - 1, found.end, whose) if before and whose else found


def _placed(word: Word, start: int, end: int, people: frozenset[int]) -> Found:
    """With the vowel signs that follow; the whole word where letters and what is seen don't match one to one."""
    if len(word.folded) != len(word.surface):
        return Found(word.start, word.end, people)
    while end < len(word.surface) and is_mark(word.surface[end]):
        end += 1
    return Found(word.start + start, word.start + end, people)


def initials(index: NameIndex, text: str) -> Iterator[Found]:
    """As "TWM", "T.W.M." or "t.w.m."; not what schools abbreviate."""
    for match in INITIALS.finditer(text):
        letters = re.sub(r"[^a-z]", "", match[0].lower())
        people = index.by_initials(letters)
        is_plain = len(match[0]) == len(letters)
        if not people or len(letters) < LEAST_INITIALS - (not is_plain):
            continue
        if not is_plain or not (letters in ABBREVIATIONS or is_ordinary(letters)):
            yield Found(match.start(), match.end(), frozenset(people))
