"""Which column of an export holds the day, the model and the amount, by what its heading calls them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# The first that is there counts, so the clearest come first.
DAY = ("date", "day", "start_time_iso", "usage_date", "start_date", "start_time", "time", "period")
MODEL = ("line_item", "model", "model_name", "snapshot_id", "description", "item", "product", "service")
AMOUNT = (
    *("amount_value", "cost_usd", "amount_usd", "cost_in_usd", "amount_in_usd", "total_cost", "cost", "amount"),
    *("spend", "total", "price", "charge"),
)
CURRENCY = ("amount_currency", "currency")


@dataclass(frozen=True)
class Columns:
    """Places of what is told, counted from 0; `day` is None where the export sums over days."""

    model: int
    amount: int
    day: int | None
    currency: int | None


def columns_of(headings: Sequence[str]) -> Columns | None:
    """None where they don't say which column is which."""
    names = [re.sub(r"[^a-z]+", "_", heading.lower()).strip("_") for heading in headings]
    model, amount = _place(names, MODEL), _place(names, AMOUNT)
    if model is None or amount is None:
        return None
    return Columns(model, amount, _place(names, DAY), _place(names, CURRENCY))


def _place(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)
