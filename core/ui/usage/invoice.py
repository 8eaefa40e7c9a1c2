"""Reads what was pasted from a provider's invoice: a day, a model and an amount a line, in whatever order."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.ui.usage.invoice_cells import Unreadable, day_in, dollars_in
from core.ui.usage.invoice_headings import Columns, columns_of
from core.usage.report import Span

MOST_LINES = 5000
SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
# A line item such as "gpt-6-luna, cached input" is one part of what a model cost.
PART = re.compile(r"[,|]? *\(?(cached |text |image )*(input|output|tokens?)\)?( tokens?)?$", re.IGNORECASE)
SUMS = {"total", "subtotal", "sub-total", "grand total", "amount due", "sum"}


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


def parse_invoice(text: str, span: Span | None = None) -> Invoice:
    """Separated by tabs, semicolons, commas or wide spaces; headings say which column is which, else the cells do.

    Sums below the lines are passed over. With a span, lines of other days are refused.
    """
    read: list[tuple[int, InvoiceLine]] = []
    refused: list[RefusedLine] = []
    columns: Columns | None = None
    rows = [(number, row) for number, row in enumerate(text.splitlines(), start=1) if row.strip()]
    for place, (number, row) in enumerate(rows[:MOST_LINES]):
        cells = _cells(row)
        if place == 0 and _is_heading(cells):
            columns = columns_of(cells)
            continue
        try:
            line = _line(cells) if columns is None else _line_under(columns, cells)
            if line is not None:
                read.append((number, _of_these_days(line, span)))
        except Unreadable as unreadable:
            refused.append(RefusedLine(number, unreadable.column, unreadable.problem))
    if len(rows) > MOST_LINES:
        problem = f"From here on nothing was read: {MOST_LINES:,} lines are the most."
        refused.append(RefusedLine(rows[MOST_LINES][0], None, problem))
    return _of_one_kind(read, refused)


def _of_one_kind(read: Sequence[tuple[int, InvoiceLine]], refused: Sequence[RefusedLine]) -> Invoice:
    """Lines with a day and lines without can't be compared with the same ledger lines."""
    if not any(line.day for _, line in read):
        return Invoice(tuple(line for _, line in read), tuple(refused))
    problem = "This line has no day, and others have one."
    without = [RefusedLine(number, None, problem) for number, line in read if not line.day]
    dated = tuple(line for _, line in read if line.day)
    return Invoice(dated, tuple(sorted([*refused, *without], key=lambda one: one.row)))


def _line(cells: Sequence[str]) -> InvoiceLine | None:
    """The day is the first cell that is one, the amount the last that is one, the model what is left."""
    days = [(place, found) for place, cell in enumerate(cells) if (found := day_in(cell, place + 1))]
    amounts = [(place, usd) for place, usd in _amounts(cells, taken={place for place, _ in days})]
    taken = {place for place, _ in (*days, *amounts)}
    names = [cell for place, cell in enumerate(cells) if cell and place not in taken]
    if names and _is_sum(names[0]):
        return None
    if not amounts:
        raise Unreadable(len(cells), f"“{cells[-1]}” is no amount in dollars.")
    if not names:
        raise Unreadable(None, "This line names no model.")
    return InvoiceLine(days[0][1] if days else None, model_key(names[0]), amounts[-1][1])


def _amounts(cells: Sequence[str], taken: set[int]) -> list[tuple[int, Decimal]]:
    """Only the last number has to be dollars: others are counts, and may be written in any way."""
    found: list[tuple[int, Decimal]] = []
    for place in reversed([place for place in range(len(cells)) if place not in taken]):
        try:
            usd = dollars_in(cells[place], place + 1)
        except Unreadable:
            if not found:
                raise
            usd = Decimal(0)
        if usd is not None:
            found.insert(0, (place, usd))
    return found


def _line_under(columns: Columns, cells: Sequence[str]) -> InvoiceLine | None:
    """None for a sum, and for a day on which nothing was billed."""
    model, amount = _cell(cells, columns.model), _cell(cells, columns.amount)
    if _is_sum(model) or not (model or amount) or (not model and _is_sum(cells[0])):
        return None
    currency = "usd" if columns.currency is None else _cell(cells, columns.currency).lower()
    if currency not in {"usd", "us$", "$", ""}:
        raise Unreadable((columns.currency or 0) + 1, f"“{currency.upper()}” is not US dollars.")
    usd = dollars_in(amount, columns.amount + 1)
    if usd is None:
        raise Unreadable(columns.amount + 1, f"“{amount}” is no amount in dollars.")
    if not model:
        raise Unreadable(columns.model + 1, "This line names no model.")
    return InvoiceLine(_day_under(columns, cells), model_key(model), usd)


def _day_under(columns: Columns, cells: Sequence[str]) -> date | None:
    if columns.day is None:
        return None
    cell = _cell(cells, columns.day)
    day = day_in(cell, columns.day + 1)
    if day is None and cell:
        raise Unreadable(columns.day + 1, f"“{cell}” is no day; write it as 2026-11-12.")
    return day


def _of_these_days(line: InvoiceLine, span: Span | None) -> InvoiceLine:
    if span and line.day and not span.first <= line.day <= span.last:
        raise Unreadable(None, f"{line.day.isoformat()} is not among the days that are shown: choose them above.")
    return line


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _cells(row: str) -> list[str]:
    for separator in ("\t", ";"):
        if separator in row:
            return [cell.strip() for cell in next(csv.reader([row], delimiter=separator))]
    if "," in row:
        return [cell.strip() for cell in next(csv.reader([_hold_commas(row)], skipinitialspace=True))]
    return [cell.strip() for cell in re.split(r"\s{2,}|\s+(?=-?\$?[\d.,]+$)|(?<=\d{4}-\d{2}-\d{2})\s+", row.strip())]


def _hold_commas(row: str) -> str:
    """1,234.50 and Nov 12, 2026 are one cell each, also where commas separate."""
    row = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", row) if "$" in row else row
    return re.sub(r"\b([A-Z][a-z]{2,8} \d{1,2}), (?=\d{4}\b)", r"\1 ", row)


def _is_heading(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and not any(map(_is_value, cells))


def _is_value(cell: str) -> bool:
    try:
        return dollars_in(cell, 1) is not None or day_in(cell, 1) is not None
    except Unreadable:
        return True


def _is_sum(name: str) -> bool:
    return name.strip(" :").lower() in SUMS


def model_key(name: str) -> str:
    """The model that a line or a dated snapshot belongs to."""
    return SNAPSHOT.sub("", PART.sub("", name.strip().lower()).strip(" ,|"))
