"""The comparison's tables, for the screen and for the files."""

from collections.abc import Sequence
from datetime import UTC

from core.ui.usage.comparison import Compared, why_uncertain
from core.ui.usage.failure_words import words_of
from core.ui.usage.invoice import RefusedLine
from core.ui.usage.tables import Cell, Table
from core.ui.usage.words import OF_SERIES
from core.usage.prices import CostSource
from core.usage.reading.bills import UncertainCost

SOURCES = {
    CostSource.POSSIBLE: "May have been charged",
    CostSource.ESTIMATED: "Our own count",
    CostSource.UNPRICED: "No price known",
    CostSource.REPORTED: "As OpenAI reported it",
}


def comparison_table(lines: Sequence[Compared]) -> Table:
    columns = ("Day (UTC)", "Model", "Requests", "Ledger, USD", "Invoice, USD", "Difference, USD", "Not sure of it")
    is_compared = any(one.invoice_usd is not None for one in lines)
    return Table("Ledger and invoice", columns, tuple(_compared(one, is_compared=is_compared) for one in lines))


def _compared(one: Compared, *, is_compared: bool) -> tuple[Cell, ...]:
    """Once there is an invoice, a line that it lacks differs by all of it, so that the column sums up."""
    ledger = one.ledger
    sums = (ledger.requests, ledger.cost_usd) if ledger else (None, None)
    difference = one.difference_usd if is_compared else None
    return (one.day, one.model, *sums, one.invoice_usd, difference, why_uncertain(one))


def refused_table(refused: Sequence[RefusedLine]) -> Table:
    rows = tuple((one.row, one.column, one.problem) for one in refused)
    return Table("Lines that could not be read", ("Row", "Column", "Why"), rows)


def uncertain_table(rows: Sequence[UncertainCost]) -> Table:
    columns = ("At (UTC)", "Kind", "Model", "Counts as, USD", "Why it is not sure", "What happened", "Person")
    return Table("What may differ", columns, tuple(_uncertain(one) for one in rows))


def _uncertain(one: UncertainCost) -> tuple[Cell, ...]:
    at = f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    what = words_of(one.error, one.series).sentence if one.error else None
    return (at, OF_SERIES[one.series], one.model, one.cost_usd, SOURCES[one.source], what, one.person)
