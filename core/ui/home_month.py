"""Home's month: what a person's portraits and answers cost so far, for an admin the school's."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import streamlit as st

from core.ui.budget_gauge import draw_gauge
from core.ui.formats import NOT_PRICED, money
from core.ui.links import usage_link
from core.ui.text import dollars
from core.ui.usage.ranges import Range
from core.usage.budget import BudgetNow
from core.usage.reads import MonthSummary

CENT = Decimal("0.01")
HALF_A_CENT = Decimal("0.005")


def draw_month(month: MonthSummary, today: date, budget: BudgetNow | None = None, *, is_school: bool) -> None:
    """The sum, its rise since the 1st, what is left of the budget if there is one, and what was made of it."""
    st.subheader("This month", anchor=False)
    whose = "The whole school's" if is_school else "Your own"
    st.metric(
        label(month, is_school=is_school),
        NOT_PRICED.capitalize() if month.cost_usd is None else total(month.cost_usd),
        difference_in_short(month, today),
        delta_color="green",
        delta_arrow="off",
        border=True,
        chart_data=rise(month.by_day),
        chart_type="area",
        help=f"{difference_line(month, today)}. {whose} portraits and answers since the 1st, in US dollars.",
    )
    if budget is None:
        st.caption(counts_line(month))
    else:
        with st.container(border=True):
            draw_gauge(budget)
            st.caption(counts_line(month))
    usage_link("See where it went", days=Range.MONTH)


def label(month: MonthSummary, *, is_school: bool) -> str:
    """Whose cost it is, and whether it may be more."""
    whose = "What it cost the school" if is_school else "What it cost"
    return f"{whose} at least" if month.is_at_least and month.cost_usd is not None else whose


def difference_line(month: MonthSummary, today: date) -> str:
    """Beside the same days of the month before."""
    before, more = f"{_last_month(today)} so far", _difference(month)
    if more is None:
        return f"No price to compare with {before}"
    if not more:
        return f"As much as {before}"
    return f"{total(abs(more))} {'less' if more < 0 else 'more'} than {before}"


def difference_in_short(month: MonthSummary, today: date) -> str:
    """The same for a narrow column, which would cut the line."""
    before, more = _last_month(today), _difference(month)
    if more is None:
        return f"No price for {before}"
    if not more:
        return f"As much as {before}"
    return f"{'−' if more < 0 else '+'}{total(abs(more))} on {before}"


def _last_month(today: date) -> str:
    return f"{today.replace(day=1) - timedelta(days=1):%B}"


def _difference(month: MonthSummary) -> Decimal | None:
    """None where it can't be told; what cents can't show is none."""
    if month.cost_usd is None or month.before_usd is None:
        return None
    more = month.cost_usd - month.before_usd
    return more if abs(more) >= HALF_A_CENT else Decimal(0)


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
