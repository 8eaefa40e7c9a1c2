"""One line of an invoice: by what its cells look like, or by what the headings above it say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.ui.usage.invoice_cells import Unreadable, day_in, dollars_in
from core.ui.usage.invoice_headings import Columns

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


def line_of(cells: Sequence[str]) -> InvoiceLine | None:
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


def line_under(columns: Columns, cells: Sequence[str]) -> InvoiceLine | None:
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


def model_key(name: str) -> str:
    """The model that a line or a dated snapshot belongs to."""
    return SNAPSHOT.sub("", PART.sub("", name.strip().lower()).strip(" ,|"))


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _is_sum(name: str) -> bool:
    return name.strip(" :").lower() in SUMS
