"""A text as patterns read it: one kind of digit, dash, space and width, and nothing that cannot be seen."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from core.assistant.known_names import Kind
from core.assistant.spans import Span

INVISIBLE = frozenset({"Cf", "Me"})
# They change how the character before them is drawn, not which it is.
VARIATIONS = frozenset(map(chr, (*range(0xFE00, 0xFE10), 0x034F, 0x115F, 0x1160, 0x3164)))
LOOKALIKES = {"−": "-", "。": ".", "｡": ".", "․": ".", "·": ".", "⁄": "/"}


@dataclass(frozen=True)
class PlainText:
    """`places` says where each character stands in `original`; None where both are the same."""

    original: str
    text: str
    places: Sequence[int] | None = None

    def span(self, start: int, end: int, kind: Kind, entity: str = "") -> Span:
        """In the original; without an entity, what stands there is one."""
        entity = entity or self.text[start:end].casefold()
        if self.places is None:
            return Span(start, end, kind, entity)
        return Span(self.places[start], self.places[end - 1] + 1, kind, entity)


def plain(text: str) -> PlainText:
    if text.isascii():
        return PlainText(text, text)
    seen = text.translate(_PLAIN)
    if len(seen) == len(text):
        return PlainText(text, seen)
    return PlainText(text, seen, [place for place, char in enumerate(text) if _PLAIN[ord(char)]])


def plain_words(text: str) -> str:
    """For comparing: the same without case."""
    return plain(text).text.casefold()


def _plain_char(char: str) -> str:
    """One character, or none for what cannot be seen."""
    category = unicodedata.category(char)
    if category in INVISIBLE or char in VARIATIONS:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    wide = unicodedata.normalize("NFKC", LOOKALIKES.get(char, char))
    return wide if len(wide) == 1 else char


class _PlainChars(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = _plain_char(chr(code))
        return self[code]


_PLAIN = _PlainChars()
