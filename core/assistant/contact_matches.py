"""Finds what else would tell who somebody is: e-mails, telephone numbers, identity numbers, postcodes, record ids."""

import re
from collections.abc import Iterable, Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from core.assistant.known_names import Kind, KnownPerson
from core.assistant.spans import Span

REGION = "SG"
EMAIL = re.compile(r"[\w.+%-]+(?:@|\s?\[at\]\s?)[\w-]+(?:\.[\w-]+)+")
UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
# Identity numbers of Singapore: citizens (S, T), foreigners (F, G, M); the last letter is a checksum.
NRIC = re.compile(r"\b([STFGM])[ -]?(\d{7})[ -]?([A-Z])\b", re.IGNORECASE)
NRIC_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
NRIC_LETTERS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}
NRIC_OFFSETS = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}
# Six digits are a postcode where the words before them say so; its first two are a sector, 01 to 82.
POSTCODE = re.compile(r"(?<![\d.,])(?:0[1-9]|[1-7]\d|8[0-2])\d{4}(?![\d.,]?\d)")
ADDRESS = re.compile(
    r"singapore|\bs ?\($|postal|postcode|zip|\bblk\b|\bblock\b|street|\bst\b|road|\brd\b|avenue|\bave\b|drive|\bdr\b"
    r"|lane|close|crescent|\bjalan\b|\blorong\b|#\d",
    re.IGNORECASE,
)
ADDRESS_WITHIN = 60


class ContactFinder:
    """Generic patterns, and word for word what the roster knows of its people."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        people = list(people)
        self._known = (
            (Kind.CONTACT, _any_of(text for person in people for text in person.contacts)),
            (Kind.ID, _any_of(text for person in people for text in person.ids)),
        )

    def find(self, text: str) -> list[Span]:
        found = [*_matching(EMAIL, text, Kind.CONTACT), *_matching(UUID, text, Kind.ID)]
        for kind, pattern in self._known:
            found += _matching(pattern, text, kind)
        if any(char.isdigit() for char in text):
            found += [*_phones(text), *_identity_numbers(text), *_postcodes(text)]
        return found


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Each word for word; the longest first, since one id may start with another."""
    listed = sorted({re.escape(text) for text in texts if text}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(listed) or '(?!)'})(?!\w)", re.IGNORECASE)


def _matching(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Span]:
    return (_span(kind, match.start(), match.end(), text) for match in pattern.finditer(text))


def _phones(text: str) -> Iterator[Span]:
    for match in PhoneNumberMatcher(text, REGION, leniency=Leniency.VALID):
        yield _span(Kind.CONTACT, match.start, match.end, text)


def _identity_numbers(text: str) -> Iterator[Span]:
    for match in NRIC.finditer(text):
        if is_identity_number(match[1], match[2], match[3]):
            yield _span(Kind.ID, match.start(), match.end(), text)


def is_identity_number(first: str, digits: str, last: str) -> bool:
    """By the checksum that all NRIC and FIN numbers carry."""
    kind = first.upper()
    total = sum(int(digit) * weight for digit, weight in zip(digits, NRIC_WEIGHTS, strict=True))
    place = (total + NRIC_OFFSETS[kind]) % 11
    # The newest series counts its letters from the end.
    return NRIC_LETTERS[kind][10 - place if kind == "M" else place] == last.upper()


def _postcodes(text: str) -> Iterator[Span]:
    for match in POSTCODE.finditer(text):
        if ADDRESS.search(text, max(0, match.start() - ADDRESS_WITHIN), match.start()):
            yield _span(Kind.PLACE, match.start(), match.end(), text)


def _span(kind: Kind, start: int, end: int, text: str) -> Span:
    return Span(start, end, kind, text[start:end].casefold())
