"""Finds what else would tell who somebody is: e-mails, telephone numbers, identity numbers, postcodes, record ids."""

import re
from collections.abc import Iterable, Iterator

from core.assistant.email_matches import EmailFinder
from core.assistant.id_matches import UUID, IdFinder, identity_numbers
from core.assistant.known_names import Kind, KnownPerson
from core.assistant.phone_matches import FEWEST, PhoneFinder
from core.assistant.plain_text import PlainText, plain
from core.assistant.spans import Span

# Six digits are a postcode where the words before them say so; its first two are a sector, 01 to 82.
POSTCODE = re.compile(r"(?<![\d.,])(?:0[1-9]|[1-7]\d|8[0-2])\d{4}(?![\d.,]?\d)")
ADDRESS = re.compile(
    r"singapore|\bs ?\($|postal|postcode|zip|\bblk\b|\bblock\b|street|\bst\b|road|\brd\b|avenue|\bave\b|drive|\bdr\b"
    r"|lane|close|crescent|\bjalan\b|\blorong\b|#\d",
    re.IGNORECASE,
)
ADDRESS_WITHIN = 60


class ContactFinder:
    """Generic patterns, and what the roster knows of its people, however it is written."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        people = list(people)
        contacts = [plain(text).text for person in people for text in person.contacts if text]
        emails = [text for text in contacts if "@" in text]
        phones = [text for text in contacts if "@" not in text and _digits(text) >= FEWEST]
        self._emails = EmailFinder(emails)
        self._phones = PhoneFinder(phones)
        self._others = IdFinder(set(contacts).difference(emails, phones), Kind.CONTACT)
        self._ids = IdFinder([text for person in people for text in person.ids], Kind.ID)

    def find(self, text: str) -> list[Span]:
        said = plain(text)
        found = [*self._emails.find(said), *self._ids.find(said), *self._others.find(said)]
        if any(char.isdigit() for char in said.text):
            found += [*self._phones.find(said), *identity_numbers(said), *_uuids(said), *_postcodes(said)]
        return found


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _uuids(said: PlainText) -> Iterator[Span]:
    return (said.span(match.start(), match.end(), Kind.ID) for match in UUID.finditer(said.text))


def _postcodes(said: PlainText) -> Iterator[Span]:
    for match in POSTCODE.finditer(said.text):
        if ADDRESS.search(said.text, max(0, match.start() - ADDRESS_WITHIN), match.start()):
            yield said.span(match.start(), match.end(), Kind.PLACE)
