"""Which words are ordinary English, so that a name spelled alike is only taken for one where the sentence says so."""

from functools import cache

from english_words import get_english_words_set
from spellchecker import SpellChecker

from core.assistant.word_lists import MONTHS, NAMES

COMMON_FROM = 100
"""Occurrences in the frequency list, which holds many words that nobody writes."""
WORD_FROM = 2500
"""Occurrences from which a word that a dictionary has with a capital, too, is no name in the first place."""
ENDINGS = ("'s", "ies", "ied", "ier", "ing", "est", "ed", "er", "es", "ly", "s", "d", "r")


def is_ordinary(word: str) -> bool:
    """For a word in lower case; "grace" and "mark" are, "daniel" and "amelia" are not."""
    return word in _common_words() and word not in _mainly_names()


def is_spelt_right(word: str) -> bool:
    """Whether it is a word as it stands, so that it is no slip of the pen for another; some names are."""
    return word in _common_words()


@cache
def _common_words() -> frozenset[str]:
    """Words of the frequency list that a dictionary knows without a capital, in some form."""
    written_small = {word for word in get_english_words_set(["web2", "gcide"]) if word == word.lower()}
    return frozenset(
        word
        for word, times in _frequent().items()
        if times >= COMMON_FROM and not written_small.isdisjoint(_roots(word))
    )


@cache
def _mainly_names() -> frozenset[str]:
    """Benjamin is also a word, and so is Singh, but hardly anyone writes it."""
    names = {word.lower() for word in get_english_words_set(["web2"]) if word != word.lower()}
    return NAMES | {word for word in names if _frequent().get(word, 0) < WORD_FROM} - MONTHS


@cache
def _frequent() -> dict[str, int]:
    return dict(SpellChecker().word_frequency.dictionary)


def _roots(word: str) -> set[str]:
    """The word and what it may be a form of: plan for "planned", study for "studies", make for "making"."""
    stems = {word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending)}
    undoubled = {stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]}
    return {word} | stems | undoubled | {stem + "e" for stem in stems} | {stem + "y" for stem in stems}
