"""Reads what was pasted from a provider's invoice: a day, a model and an amount a line, in whatever order."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.ui.usage.invoice_cells import Unreadable, day_in, dollars_in
from core.ui.usage.invoice_headings import Columns, columns_of
from core.ui.usage.invoice_lines import InvoiceLine, line_of, line_under
from core.usage.report import Span

MOST_LINES = 5000


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
            line = line_of(cells) if columns is None else line_under(columns, cells)
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


def _of_these_days(line: InvoiceLine, span: Span | None) -> InvoiceLine:
    if span and line.day and not span.first <= line.day <= span.last:
        raise Unreadable(None, f"{line.day.isoformat()} is not among the days that are shown: choose them above.")
    return line


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
