"""What the month will have cost at its end, from the last four weeks."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from statistics import fmean, stdev

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.usage.reading.days import days_of
from core.usage.reading.scope import Scope
from core.usage.reading.sources import by_day
from core.usage.report import Forecast, Span

LOOKS_BACK = 28
LEAST_DAYS = 7
"""A week has both kinds of days."""
WIDTH = 1.28
"""Standard deviations to each side: four months out of five should end between low and high."""
CENT = Decimal("0.0001")
EARLIEST = date(1970, 1, 1)


def forecast(session: Session, scope: Scope, today: date) -> Forecast | None:
    """What the month has cost so far, and for each day that is left after today the mean cost of its kind of day.

    There are two kinds, Monday to Friday and weekends; the means are of the last 28 days before today, or of those
    since the first use, and with fewer than seven of them there is no forecast. Low and high come from how much the
    days of each kind differ from their mean. Days with an unknown cost count with what is known of it.
    """
    window = _window(session, scope, today)
    if window.days < LEAST_DAYS:
        return None
    read = days_of(session, scope.over(Span(min(today.replace(day=1), window.first), today)))
    cost = {day.day: sum((one.cost_usd for one in day.by_series.values()), Decimal(0)) for day in read.by_series()}
    return replace(foreseen(cost, window, today), is_at_least=read.total.is_at_least)


def foreseen(cost: Mapping[date, Decimal], window: Span, today: date) -> Forecast:
    """From what each day of the window and of the month has cost."""
    first, last = today.replace(day=1), today.replace(day=monthrange(today.year, today.month)[1])
    spent = sum((cost[day] for day in _days(Span(first, today))), Decimal(0))
    rest, spread = _rest(cost, _days(window), _days(Span(today + timedelta(days=1), last)))
    return Forecast(
        month=first,
        spent_usd=spent,
        low_usd=spent + max(Decimal(0), rest - spread),
        expected_usd=spent + rest,
        high_usd=spent + rest + spread,
        based_on_days=window.days,
    )


@dataclass(frozen=True)
class _Kind:
    """How many days of it are left, and what the past ones cost."""

    left: int
    costs: list[float]

    @property
    def mean(self) -> float:
        return fmean(self.costs) if self.costs else 0.0

    @property
    def variance(self) -> float:
        """Of the sum of the days that are left: each differs from the mean, and the mean itself is known roughly."""
        if len(self.costs) < 2:
            return 0.0
        return stdev(self.costs) ** 2 * (self.left + self.left**2 / len(self.costs))


def _rest(cost: Mapping[date, Decimal], past: list[date], left: list[date]) -> tuple[Decimal, Decimal]:
    kinds = [
        _Kind(
            sum(_is_weekend(day) is weekend for day in left),
            [float(cost[day]) for day in past if _is_weekend(day) is weekend],
        )
        for weekend in (False, True)
    ]
    spread = WIDTH * sum(kind.variance for kind in kinds) ** 0.5
    return _rounded(sum(kind.left * kind.mean for kind in kinds)), _rounded(spread)


def _window(session: Session, scope: Scope, today: date) -> Span:
    """The last 28 days before today, from the first use on; empty where there was none."""
    window = Span(today - timedelta(days=LOOKS_BACK), today - timedelta(days=1))
    earlier = by_day(scope.over(Span(EARLIEST, window.first - timedelta(days=1))))
    if session.scalar(select(earlier.c.day).where(earlier.c.requests > 0).limit(1)) is not None:
        return window
    source = by_day(scope.over(window))
    first_use = session.scalar(select(func.min(source.c.day)).where(source.c.requests > 0))
    return Span(first_use or today, window.last)


def _days(span: Span) -> list[date]:
    return [span.first + timedelta(days=n) for n in range(span.days)]


def _is_weekend(day: date) -> bool:
    return day.weekday() >= 5


def _rounded(amount: float) -> Decimal:
    return Decimal(amount).quantize(CENT)
