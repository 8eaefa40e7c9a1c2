"""What the words round a word say about it: whether "May" is a month, a wish or a girl."""

import re

from core.assistant.sentences import Sentences
from core.assistant.word_lists import (
    AFTER_A_MONTH,
    AFTER_A_PERSON,
    AFTER_A_WORD,
    AFTER_WORDS,
    BEFORE_A_MONTH,
    BEFORE_OF_A_MONTH,
    MONTHS,
    PRONOUNS,
    SMALL_WORDS,
)

DAY_BEFORE = re.compile(r"(?<![A-Za-z\d])\d{1,2}(?:st|nd|rd|th)?(?: of)?\s*\Z")
# Not "May 3 times late", where a word goes on behind the number.
DAY_OR_YEAR_AFTER = re.compile(r"\s+(?:\d{4}\b|\d{1,2}(?:st|nd|rd|th)?\b(?!\s+[a-z]))")
LONGEST_DAY = 12


def reads_as_name(sentences: Sentences, place: int) -> bool:
    """Whether a capitalised word that is also an ordinary one is a name; it is, unless a short list says otherwise."""
    word = sentences.words[place]
    if is_date(sentences, place) or _is_month(sentences, place):
        return False
    if word.folded in SMALL_WORDS:
        return _is_small_name(sentences, place)
    starts = sentences.starts_sentence(place) or word.is_shouted
    return not starts or sentences.after(place) not in AFTER_WORDS.get(word.folded, AFTER_A_WORD)


def is_date(sentences: Sentences, place: int) -> bool:
    """A month beside a day or a year."""
    word, text = sentences.words[place], sentences.text
    if word.folded not in MONTHS:
        return False
    before = text[max(0, word.start - LONGEST_DAY) : word.start]
    return bool(DAY_BEFORE.search(before) or DAY_OR_YEAR_AFTER.match(text, word.end))


def _is_month(sentences: Sentences, place: int) -> bool:
    before = sentences.before(place)
    return sentences.words[place].folded in MONTHS and (
        before in BEFORE_A_MONTH
        or (before == "of" and sentences.before(place, 2) in BEFORE_OF_A_MONTH)
        or sentences.after(place) in AFTER_A_MONTH
    )


def _is_small_name(sentences: Sentences, place: int) -> bool:
    """Of "An", "So" or "He" every sentence may be full."""
    word = sentences.words[place]
    if word.is_shouted or sentences.starts_sentence(place):
        return word.folded not in PRONOUNS and sentences.after(place) in AFTER_A_PERSON
    return True
