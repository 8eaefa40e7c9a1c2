"""Home's month: what a person's portraits and answers cost so far."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import streamlit as st

from core.ui.formats import NOT_PRICED, money
from core.ui.text import dollars
from core.usage.reads import MonthSummary

CENT = Decimal("0.01")


def draw_month(month: MonthSummary, today: date) -> None:
    """The sum, its rise since the 1st, and what was made of it."""
    st.subheader("This month", anchor=False)
    difference = difference_line(month, today)
    st.metric(
        "What it cost at least" if month.is_at_least and month.cost_usd is not None else "What it cost",
        NOT_PRICED.capitalize() if month.cost_usd is None else total(month.cost_usd),
        difference,
        delta_color="green",
        delta_arrow="off",
        border=True,
        chart_data=rise(month.by_day),
        chart_type="area",
        # Said again, because a narrow column cuts the line itself.
        help=f"{difference}. Your own portraits and answers since the 1st, in US dollars.",
    )
    st.caption(counts_line(month))


def difference_line(month: MonthSummary, today: date) -> str:
    """Beside the same days of the month before."""
    before = f"{today.replace(day=1) - timedelta(days=1):%B} so far"
    if month.cost_usd is None or month.before_usd is None:
        return f"No price to compare with {before}"
    more = month.cost_usd - month.before_usd
    if not more:
        return f"As much as {before}"
    return f"{total(abs(more))} {'less' if more < 0 else 'more'} than {before}"


def counts_line(month: MonthSummary) -> str:
    unconfirmed = f"{month.unconfirmed} unconfirmed" if month.unconfirmed else "nothing unconfirmed"
    return f"{_counted(month.photos, 'photo')} · {_counted(month.answers, 'answer')} · {unconfirmed}"


def rise(by_day: Sequence[Decimal]) -> list[float]:
    """The sum at the end of each day, from nothing before the first."""
    return [float(total) for total in accumulate(by_day, initial=Decimal(0))]


def total(cost_usd: Decimal) -> str:
    """In cents, and finer only where cents would read as nothing."""
    return money(cost_usd) if 0 < cost_usd < CENT else dollars(f"{cost_usd:,.2f}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
