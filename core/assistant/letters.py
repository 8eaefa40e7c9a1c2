"""What is a letter, what only dresses one, and what is not seen at all, in every script."""

import re
import unicodedata
from collections.abc import Iterable

_CODES = (*range(0x20000), *range(0xE0000, 0xE0200))
_LAST_REORDERED = 9
"""Combining classes up to here are parts of a letter, as the virama of Indic scripts; those above are accents."""


def _in_class(characters: Iterable[str]) -> str:
    return "".join(map(re.escape, characters))


def _of_category(*categories: str) -> frozenset[str]:
    return frozenset(char for char in map(chr, _CODES) if unicodedata.category(char).startswith(categories))


# Zero-width spaces and joiners, soft hyphens, directions, variation selectors, fillers, the Arabic tatweel.
UNSEEN = _of_category("Cf") | frozenset(
    map(chr, (0x034F, 0x0640, 0x115F, 0x1160, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10)))
)
_MARKS = _of_category("M") | UNSEEN
# Apostrophes and the like that count as letters.
APOSTROPHES = "\u02b9-\u02df"
_LETTER = rf"[^\W\d_{APOSTROPHES}]"
WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|[{_in_class(_MARKS)}])*")
# Chinese, Japanese and Korean, which put names into a sentence without spaces round them.
HAN = re.compile("[\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+")
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")

_STROKES = str.maketrans(
    {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ى": "ي"}
)


def folded(word: str) -> str:
    """Without case, accents, strokes, width and what is not seen, so that "JOSÉ" and "jose" are one."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return unicodedata.normalize("NFC", "".join(filter(_is_told, plain)).translate(_STROKES))


def is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _is_told(char: str) -> bool:
    is_accent = unicodedata.combining(char) > _LAST_REORDERED or unicodedata.category(char) == "Me"
    return not is_accent and char not in UNSEEN
