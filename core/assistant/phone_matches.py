"""Finds telephone numbers: those of the roster however they are written, and others that are valid."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Self

import phonenumbers
from phonenumbers import NumberParseException

from core.assistant.known_names import Kind
from core.assistant.plain_text import PlainText, plain
from core.assistant.spans import Span

REGION = "SG"
NEIGHBOUR = "MY"
# Digits as a number is written: in groups, with at most three signs between.
RUN = re.compile(r"\d(?:[ .()/\-]{0,3}\d){5,}")
GROUP = re.compile(r"\d+")
BEFORE = re.compile(r"[+(][ +(]*\Z")
MONEY = re.compile(r"(?:[$€£¥]|\bRM|\bSGD|\bUSD) ?\Z")
SEVERAL = re.compile(r"[/;,]|\bor\b")
ABROAD = ("", "00", "000", "001", "002", "011", "018")
"""What is dialled before a country's code, besides the plus."""
FEWEST, MOST = 6, 18
LONGEST_BEFORE = 5
CODES = frozenset({"65", "00", "1"})
# Of Singapore, with or without its country's code, and its numbers that cost nothing.
LOCAL = re.compile(r"(?:0{0,3}65)?[3689]\d{7}|1?800\d{7}")
LEAST_FIRST_GROUP, LEAST_LONGEST_GROUP = 3, 4
"""Shorter groups are marks, dates and times."""


class PhoneFinder:
    """Looks at digits alone, so that it costs the same for ten people and for three thousand."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._known = {digits: number for number in numbers for digits in _ways_to_dial(number)}

    def find(self, plain: PlainText) -> Iterator[Span]:
        for match in RUN.finditer(plain.text):
            yield from self._in_run(plain, _Run.of(plain.text, match))

    def _in_run(self, plain: PlainText, run: "_Run") -> Iterator[Span]:
        """The longest at each place; then on behind it."""
        place = 0
        while place < run.many:
            found = next(((last, known) for last in run.ends(place) if (known := self._number(run, place, last))), None)
            if found is not None:
                last, number = found
                start = _with_plus(plain.text, run.groups[place][0])
                yield plain.span(start, run.groups[last][1], Kind.CONTACT, number)
                place = last
            place += 1

    def _number(self, run: "_Run", place: int, last: int) -> str | None:
        """Which number these groups are."""
        known = self._known.get(run.between(place, last))
        if known is not None or not run.may_begin(place):
            return known
        before = run.text[max(0, run.groups[place][0] - LONGEST_BEFORE) : run.groups[place][0]]
        pieces = tuple(run.text[start:end] for start, end in run.groups[place : last + 1])
        return None if MONEY.search(before) else _valid(pieces, is_abroad="+" in before[-3:])


@dataclass(frozen=True)
class _Run:
    """Groups of digits that may be one number or several; `sums` counts the digits before each group."""

    text: str
    groups: Sequence[tuple[int, int]]
    digits: str
    sums: Sequence[int]

    @classmethod
    def of(cls, text: str, run: re.Match[str]) -> Self:
        groups = [match.span() for match in GROUP.finditer(text, run.start(), run.end())]
        sums = [0, *accumulate(end - start for start, end in groups)]
        return cls(text, groups, "".join(GROUP.findall(run[0])), sums)

    @property
    def many(self) -> int:
        return len(self.groups)

    def between(self, place: int, last: int) -> str:
        return self.digits[self.sums[place] : self.sums[last + 1]]

    def ends(self, place: int) -> range:
        """The last groups of what may be one number, the longest first."""
        begun = self.sums[place]
        longest = bisect_right(self.sums, begun + MOST) - 2
        shortest = bisect_left(self.sums, begun + FEWEST) - 1
        return range(longest, shortest - 1, -1)

    def may_begin(self, place: int) -> bool:
        """Whether a number that nobody of the roster has may begin here; lists of marks are none."""
        start, end = self.groups[place]
        return (
            end - start >= LEAST_FIRST_GROUP
            or self.text[start:end] in CODES
            or "+" in self.text[max(0, start - 3) : start]
        )


def _ways_to_dial(written: str) -> Iterator[str]:
    """The digits of one number with and without its country, as it is dialled here, there and from abroad."""
    for one in SEVERAL.split(plain(written).text):
        raw = "".join(GROUP.findall(one))
        if len(raw) < FEWEST:
            continue
        yield from (raw, raw.lstrip("0"), f"0{raw}")
        try:
            number = phonenumbers.parse(one, REGION)
        except NumberParseException:
            continue
        national = phonenumbers.national_significant_number(number)
        yield from (national, f"0{national}", f"{number.country_code}0{national}")
        yield from (f"{prefix}{number.country_code}{national}" for prefix in ABROAD)


def _with_plus(text: str, start: int) -> int:
    match = BEFORE.search(text, max(0, start - 4), start)
    return match.start() if match else start


@lru_cache(maxsize=4096)
def _valid(pieces: tuple[str, ...], *, is_abroad: bool) -> str | None:
    """As it is written everywhere, of a number that nobody of the roster has."""
    digits = "".join(pieces)
    if is_abroad:
        return _as_written_everywhere(f"+{digits}", None)
    if digits.startswith("00"):
        return _as_written_everywhere(f"+{digits[2:]}", None)
    if digits.startswith("01") and len(pieces[0]) >= LEAST_FIRST_GROUP:
        return _as_written_everywhere(digits, NEIGHBOUR)
    return _as_written_everywhere(digits, REGION) if LOCAL.fullmatch(digits) and _is_grouped(pieces) else None


def _is_grouped(pieces: tuple[str, ...]) -> bool:
    own = pieces[1:] if pieces[0].lstrip("0") == "65" else pieces
    return len(own[0]) >= LEAST_FIRST_GROUP and max(map(len, own)) >= LEAST_LONGEST_GROUP


def _as_written_everywhere(digits: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(digits, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
