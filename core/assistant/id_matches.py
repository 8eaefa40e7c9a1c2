"""Finds what numbers a person: identity numbers by their checksum, and the roster's ids however they are parted."""

import re
from collections.abc import Iterable, Iterator

from core.assistant.known_names import Kind
from core.assistant.plain_text import PlainText, plain_words
from core.assistant.spans import Span

UUID = re.compile(r"(?<![^\W_])[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?![^\W_])", re.IGNORECASE)
# Identity numbers of Singapore: citizens (S, T), foreigners (F, G, M); the last letter is a checksum.
NRIC = re.compile(
    r"(?:(?<![^\W_])|(?<=nric)|(?<=fin))([STFGM])[ .\-]{0,2}(\d(?:[ .\-]?\d){6})[ .\-]{0,2}([A-Z])(?![^\W_])",
    re.IGNORECASE,
)
NRIC_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
NRIC_LETTERS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}
NRIC_OFFSETS = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}
PIECE = re.compile(r"[^\W_]+")
BETWEEN = re.compile(r"[ \-./_:#@\\–]{1,2}")
LEAST_PARTED_DIGITS = 6
"""Fewer digits in several groups are marks and dates."""


class IdFinder:
    """Word for word, but without minding case and what stands between the pieces of an id."""

    def __init__(self, ids: Iterable[str], kind: Kind) -> None:
        self._kind = kind
        self._known = {squeezed for written in ids if (squeezed := _squeezed(written))}
        self._begun = {known[:length] for known in self._known for length in range(1, len(known))}

    def find(self, plain: PlainText) -> Iterator[Span]:
        pieces = list(PIECE.finditer(plain.text)) if self._known else []
        for place, piece in enumerate(pieces):
            found = self._longest(plain.text, pieces, place)
            if found is not None:
                yield plain.span(piece.start(), found[0], self._kind, found[1])

    def _longest(self, text: str, pieces: list[re.Match[str]], place: int) -> tuple[int, str] | None:
        """Where the id that begins with this piece ends, and which it is."""
        found, so_far, last = None, pieces[place][0].casefold(), place
        while True:
            if so_far in self._known and (last == place or _may_be_parted(so_far)):
                found = pieces[last].end(), so_far
            last += 1
            if so_far not in self._begun or last == len(pieces):
                return found
            if not BETWEEN.fullmatch(text, pieces[last - 1].end(), pieces[last].start()):
                return found
            so_far += pieces[last][0].casefold()


def identity_numbers(plain: PlainText) -> Iterator[Span]:
    for match in NRIC.finditer(plain.text):
        digits = "".join(PIECE.findall(match[2]))
        if is_identity_number(match[1], digits, match[3]):
            yield plain.span(match.start(), match.end(), Kind.ID, f"{match[1]}{digits}{match[3]}".casefold())


def is_identity_number(first: str, digits: str, last: str) -> bool:
    """By the checksum that all NRIC and FIN numbers carry."""
    kind = first.upper()
    total = sum(int(digit) * weight for digit, weight in zip(digits, NRIC_WEIGHTS, strict=True))
    place = (total + NRIC_OFFSETS[kind]) % 11
    # The newest series counts its letters from the end.
    return NRIC_LETTERS[kind][10 - place if kind == "M" else place] == last.upper()


def _squeezed(written: str) -> str:
    return "".join(PIECE.findall(plain_words(written)))


def _may_be_parted(squeezed: str) -> bool:
    return not squeezed.isdecimal() or len(squeezed) >= LEAST_PARTED_DIGITS
