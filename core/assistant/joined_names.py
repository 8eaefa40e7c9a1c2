"""Names of which a word is more or less than one part: cut by markup, joined to other words, shortened to letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.assistant.letters import is_mark
from core.assistant.name_index import LEAST_INSIDE, NameIndex
from core.assistant.ordinary_words import is_ordinary
from core.assistant.sentences import Sentences, Word
from core.assistant.word_lists import ABBREVIATIONS

INITIALS = re.compile(r"(?<!\w)(?:(?:[A-Z]\.?[ ]?){1,5}[A-Z]\.?|(?:[a-z]\.[ ]?){2,5}[a-z]\.?)(?!\w)")
LEAST_INITIALS = 3
MOST_PIECES = 5


@dataclass(frozen=True)
class Found:
    """Where in a text, and whom it may mean."""

    start: int
    end: int
    people: frozenset[int]


def cut_names(index: NameIndex, sentences: Sentences) -> Iterator[Found]:
    """As "Zach**ary**", "wei_ming", or "Zach-" with "ary" on the next line."""
    for first, word in enumerate(sentences.words):
        whole, last = word.folded, first
        while sentences.goes_on_at(last + 1) and last - first < MOST_PIECES:
            last += 1
            whole += sentences.words[last].folded
            people = index.exactly(whole) or index.together(whole)
            if people and len(whole) >= LEAST_INSIDE and (word.is_capitalised or not is_ordinary(whole)):
                yield Found(word.start, sentences.words[last].end, frozenset(people))


def names_inside(index: NameIndex, sentences: Sentences) -> Iterator[Found]:
    """In scripts that put no space round a name, or suffixes behind it."""
    for word in sentences.words:
        if not word.folded.isascii():
            for start, end, people in index.inside(word.folded):
                yield _placed(word, start, end, frozenset(people))


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
