"""Which words are ordinary English, so that a name spelled alike is only taken for one where the sentence says so."""

from functools import cache

from english_words import get_english_words_set
from spellchecker import SpellChecker

COMMON_FROM = 100
"""Occurrences in the frequency list, which holds many words that nobody writes."""
ENDINGS = ("'s", "ies", "ied", "ier", "ing", "est", "ed", "er", "es", "ly", "s", "d", "r")


def is_ordinary(word: str) -> bool:
    """For a word in lower case; "grace" and "mark" are, "daniel" is not."""
    return word in _common_words()


@cache
def _common_words() -> frozenset[str]:
    """Words of the frequency list that a dictionary knows without a capital, in some form."""
    written_small = {word for word in get_english_words_set(["web2", "gcide"]) if word == word.lower()}
    frequent = SpellChecker().word_frequency.dictionary
    return frozenset(
        word for word, times in frequent.items() if times >= COMMON_FROM and not written_small.isdisjoint(_roots(word))
    )


def _roots(word: str) -> set[str]:
    """The word and what it may be a form of: plan for "planned", study for "studies", make for "making"."""
    stems = {word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending)}
    undoubled = {stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]}
    return {word} | stems | undoubled | {stem + "e" for stem in stems} | {stem + "y" for stem in stems}
