"""Reads what was pasted from a provider's invoice: a day, a model and an amount a line, in whatever order."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

MOST_LINES = 5000
SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
# A line item such as "gpt-6-luna, cached input" is one part of what a model cost.
PART = re.compile(r"[,|]? *\(?(cached |text |image )*(input|output|tokens?)\)?( tokens?)?$", re.IGNORECASE)
AMOUNT = re.compile(r"^(?:US ?\$|USD|\$)?\s*(-?[\d,]*\.?\d+(?:e-?\d+)?)\s*(?:USD|\$)?$", re.IGNORECASE)
DAY_FORMATS = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y/%m/%d", "%d.%m.%Y")
SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
LOOKS_LIKE_A_DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")


@dataclass(frozen=True)
class InvoiceLine:
    """`day` is None where the invoice sums a model over all its days."""

    day: date | None
    model: str
    amount_usd: Decimal


@dataclass(frozen=True)
class RefusedLine:
    """`column` is None where the whole line is meant; rows and columns count from 1."""

    row: int
    column: int | None
    problem: str


@dataclass(frozen=True)
class Invoice:
    lines: tuple[InvoiceLine, ...] = ()
    refused: tuple[RefusedLine, ...] = ()


class _Unreadable(Exception):
    def __init__(self, column: int | None, problem: str) -> None:
        super().__init__(problem)
        self.column = column
        self.problem = problem


def parse_invoice(text: str) -> Invoice:
    """Separated by tabs, semicolons, commas or wide spaces; a first line of headings is passed over."""
    lines: list[InvoiceLine] = []
    refused: list[RefusedLine] = []
    rows = [(number, row) for number, row in enumerate(text.splitlines()[:MOST_LINES], start=1) if row.strip()]
    for place, (number, row) in enumerate(rows):
        cells = _cells(row)
        if place == 0 and _is_heading(cells):
            continue
        try:
            lines.append(_line(cells))
        except _Unreadable as unreadable:
            refused.append(RefusedLine(number, unreadable.column, unreadable.problem))
    return _of_one_kind(lines, refused, rows)


def _of_one_kind(
    lines: Sequence[InvoiceLine], refused: Sequence[RefusedLine], rows: Sequence[tuple[int, str]]
) -> Invoice:
    """Lines with a day and lines without can't be compared with the same ledger lines."""
    if not any(one.day for one in lines):
        return Invoice(tuple(lines), tuple(refused))
    without = [number for number, row in rows if _lacks_day(row)]
    more = [RefusedLine(number, None, "This line has no day, and others have one.") for number in without]
    dated = tuple(one for one in lines if one.day)
    known = {one.row for one in refused}
    return Invoice(
        dated, tuple(sorted([*refused, *(one for one in more if one.row not in known)], key=lambda one: one.row))
    )


def _lacks_day(row: str) -> bool:
    cells = _cells(row)
    try:
        return _line(cells).day is None
    except _Unreadable:
        return False


def _line(cells: Sequence[str]) -> InvoiceLine:
    """The day is the first cell that is one, the amount the last that is one, the model what is left."""
    days = [(place, found) for place, cell in enumerate(cells) if (found := _day(cell, place + 1))]
    amounts = [(place, usd) for place, cell in enumerate(cells) if (usd := _amount(cell)) is not None]
    if not amounts:
        raise _Unreadable(len(cells), f"“{cells[-1]}” is no amount in dollars.")
    taken = {place for place, _ in (*days, *amounts)}
    names = [(place, cell) for place, cell in enumerate(cells) if cell and place not in taken]
    if not names:
        raise _Unreadable(None, "This line names no model.")
    return InvoiceLine(days[0][1] if days else None, model_key(names[0][1]), amounts[-1][1])


def _cells(row: str) -> list[str]:
    for separator in ("\t", ";"):
        if separator in row:
            return [cell.strip() for cell in next(csv.reader([row], delimiter=separator))]
    if "," in row:
        return [cell.strip() for cell in next(csv.reader([_hold_commas(row)], skipinitialspace=True))]
    return [cell.strip() for cell in re.split(r"\s{2,}|\s+(?=\$?[\d.,]+$)|(?<=\d{4}-\d{2}-\d{2})\s+", row.strip())]


def _hold_commas(row: str) -> str:
    """1,234.50 and Nov 12, 2026 are one cell each, also where commas separate."""
    row = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", row) if "$" in row else row
    return re.sub(r"\b([A-Z][a-z]{2,8} \d{1,2}), (?=\d{4}\b)", r"\1 ", row)


def _is_heading(cells: Sequence[str]) -> bool:
    return all(_amount(cell) is None and not LOOKS_LIKE_A_DAY.search(cell) for cell in cells) and len(cells) > 1


def _amount(cell: str) -> Decimal | None:
    found = AMOUNT.match(cell)
    if not found:
        return None
    try:
        return Decimal(found[1].replace(",", ""))
    except InvalidOperation:
        return None


def _day(cell: str, column: int) -> date | None:
    """Raises for what could be one of two days, or is none at all."""
    slashed = SLASHED.match(cell)
    if slashed:
        return _slashed(cell, column, *(int(part) for part in slashed.groups()))
    try:
        return datetime.fromisoformat(cell).date() if "-" in cell else _worded_day(cell)
    except ValueError:
        if LOOKS_LIKE_A_DAY.fullmatch(cell):
            raise _Unreadable(column, f"“{cell}” is no day; write it as 2026-11-12.") from None
        return None


def _slashed(cell: str, column: int, first: int, second: int, year: int) -> date:
    if first <= 12 and second <= 12 and first != second:
        raise _Unreadable(column, f"“{cell}” can be two days; write it as {year}-11-12.")
    day, month = (first, second) if second <= 12 else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        raise _Unreadable(column, f"“{cell}” is no day; write it as 2026-11-12.") from None


def _worded_day(cell: str) -> date | None:
    for one in DAY_FORMATS:
        try:
            return datetime.strptime(cell, one).date()  # noqa: DTZ007 -- a day has no time zone
        except ValueError:
            continue
    return None


def model_key(name: str) -> str:
    """The model that a line or a dated snapshot belongs to."""
    return SNAPSHOT.sub("", PART.sub("", name.strip().lower()).strip(" ,|"))
