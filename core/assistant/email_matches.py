"""Finds e-mail addresses, also those that are written so that machines should not: "kow (at) mail [dot] example"."""

import re
from collections.abc import Iterable, Iterator

from core.assistant.known_names import Kind
from core.assistant.plain_text import PlainText, plain_words
from core.assistant.spans import Span

# From this sign to both sides, since a long word may be none of an address.
AT = re.compile(r" ?\\?(?:@|[\[({<] ?(?:at|@) ?[\])}>]) ?| at ", re.IGNORECASE)
# Each piece is read in one way only, so that no text takes long.
WORD = r"[\w+%'\\-]++"
CLEAR_DOT = r"(?>\\?\.| ?[\[({<] ?(?:dot|\.) ?[\])}>] ?)"
ANY_DOT = r"(?> ?\\?\. ?| ?[\[({<] ?(?:dot|\.) ?[\])}>] ?| dot )"
NAME = re.compile(rf"(?:{WORD}{CLEAR_DOT})*+{WORD}\Z", re.IGNORECASE)
HOST = re.compile(rf"[\w-]+(?:{CLEAR_DOT}[\w-]+)+", re.IGNORECASE)
LOOSE_NAME = re.compile(rf"(?:{WORD}{ANY_DOT})*+{WORD}\Z", re.IGNORECASE)
LOOSE_HOST = re.compile(rf"[\w-]+(?:{ANY_DOT}[\w-]+)*", re.IGNORECASE)
DOTS = re.compile(ANY_DOT, re.IGNORECASE)
TOP = re.compile(r"[^\W\d_]{2,}\Z")
MOST_NAME, MOST_HOST = 64, 120


class EmailFinder:
    """What looks like an address, and what is one of the roster's although it hardly looks like one."""

    def __init__(self, emails: Iterable[str]) -> None:
        self._known = {plain_words(email.strip()) for email in emails}

    def find(self, plain: PlainText) -> Iterator[Span]:
        for at in AT.finditer(plain.text):
            found = self._known_at(plain.text, at) or _address_at(plain.text, at)
            if found is not None:
                yield plain.span(*found, Kind.CONTACT, _canonical(plain.text, found[0], at, found[1]))

    def _known_at(self, text: str, at: re.Match[str]) -> tuple[int, int] | None:
        """The longest that the roster knows."""
        if not self._known:
            return None
        name, host = _name_before(LOOSE_NAME, text, at), _host_behind(LOOSE_HOST, text, at)
        if name is None or host is None:
            return None
        starts = [name.start(), *(dot.end() for dot in DOTS.finditer(text, name.start(), at.start()))]
        ends = [host.end(), *(dot.start() for dot in DOTS.finditer(text, at.end(), host.end()))]
        tried = ((start, end) for start in starts for end in sorted(ends, reverse=True))
        return next((one for one in tried if _canonical(text, one[0], at, one[1]) in self._known), None)


def _address_at(text: str, at: re.Match[str]) -> tuple[int, int] | None:
    """Anybody's; with spaces round the sign, only before what a host's name ends with."""
    name, host = _name_before(NAME, text, at), _host_behind(HOST, text, at)
    if at[0].casefold() == " at " or name is None or host is None:
        return None
    is_plain = at[0] == "@" or TOP.search(host[0]) is not None
    return (name.start(), host.end()) if is_plain else None


def _name_before(pattern: re.Pattern[str], text: str, at: re.Match[str]) -> re.Match[str] | None:
    return pattern.search(text, max(0, at.start() - MOST_NAME), at.start())


def _host_behind(pattern: re.Pattern[str], text: str, at: re.Match[str]) -> re.Match[str] | None:
    return pattern.match(text, at.end(), at.end() + MOST_HOST)


def _canonical(text: str, start: int, at: re.Match[str], end: int) -> str:
    name, host = (DOTS.sub(".", side).replace("\\", "") for side in (text[start : at.start()], text[at.end() : end]))
    return f"{name}@{host}".casefold()
