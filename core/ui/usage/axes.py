"""What stands along a chart: round amounts, and days or weeks with the last one named."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

FEWEST_DAYS: Final = 7
FEWEST_WEEKS: Final = 4
"""A chart of fewer keeps their room, or its bars would be walls."""


def money_axis(highest: Decimal) -> dict[str, Any]:
    """From nothing up, with about four lines at round amounts and as many digits as they need."""
    step = _money_step(highest)
    top = float(highest) * 1.08 or 1
    return {
        "tickprefix": "$",
        "tickformat": f",.{_digits(step)}f",
        "dtick": float(step),
        "tick0": 0,
        "range": [0, top],
    }


def highest_amount(highest: Decimal) -> str:
    """As such an axis would write it, which is as long as any of its amounts."""
    return f"${highest:,.{_digits(_money_step(highest))}f}"


def _money_step(highest: Decimal) -> Decimal:
    return round_step(highest / 4 if highest else Decimal("0.25"))


def _digits(step: Decimal) -> int:
    return max(2, -step.adjusted())


def round_step(step: Decimal) -> Decimal:
    """The next 1, 2 or 5 with noughts, from this one up."""
    power = Decimal(1).scaleb(step.adjusted())
    return next(power * mark for mark in (1, 2, 5, 10) if power * mark >= step)


def whole_step(most: int) -> int:
    """Between about four lines of what is counted."""
    return max(1, int(round_step(Decimal(most) / 4)))


def date_axis(days: Sequence[date], every: timedelta, *, most_ticks: int = 4) -> dict[str, Any]:
    if not days:
        return {}
    first, last = min(days), max(days)
    periods = (last - first) // every + 1
    fewest = FEWEST_DAYS if every == timedelta(days=1) else FEWEST_WEEKS
    room = milliseconds(every) * (max(0, fewest - periods) + 1) / 2
    step = every * -(-max(periods, fewest) // most_ticks)
    shown = [last - step * place for place in range((last - first) // step + 1)]
    return {
        "type": "date",
        "tickangle": 0,
        "range": [_begin(first) - room, _begin(last) + room],
        "tickvals": shown,
        "ticktext": [f"{one.day} {one:%b}" for one in shown],
    }


def _begin(day: date) -> float:
    return milliseconds(day - date(1970, 1, 1))


def milliseconds(length: timedelta) -> float:
    """As the charts count."""
    return length.total_seconds() * 1000
