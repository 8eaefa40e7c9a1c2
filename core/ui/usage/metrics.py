"""The six figures above the charts, each with its change and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Literal

import streamlit as st

from core.ui.formats import counted
from core.ui.text import escape_label
from core.ui.usage.tables import by_period
from core.ui.usage.words import (
    AS_BEFORE,
    NONE_BEFORE,
    amount,
    change_in_count,
    change_in_percent,
    dollars,
    short_count,
    sureness,
)
from core.usage.report import DaySum, Forecast, Report, Series, Sum

METRIC_PX = 150
Arrow = Literal["up", "down", "off"]
AS_MANY_DAYS = "Compared with as many days just before."


@dataclass(frozen=True)
class Figure:
    """One metric; `trend` is drawn where it has two values at least. Everything is safe inside a label."""

    label: str
    value: str
    change: str
    arrow: Arrow
    trend: Sequence[float]
    help: str
    is_line: bool = False


def draw_metrics(report: Report) -> None:
    grid = st.grid(6, min_column_width=METRIC_PX)
    for one in figures(report):
        grid.metric(
            one.label,
            one.value,
            one.change,
            delta_color="green",
            delta_arrow=one.arrow,
            border=True,
            height="stretch",
            chart_data=list(one.trend) if len(one.trend) > 1 and any(one.trend) else None,
            chart_type="line" if one.is_line else "bar",
            help=one.help,
        )
    if said := sureness(report.total):
        st.caption(said)


def figures(report: Report) -> list[Figure]:
    spend = _spend(report)
    forecast = [] if report.forecast is None else [_forecast(report, report.forecast)]
    return [spend, *forecast, _requests(report), _tokens(report), _photos(report), _errors(report)]


def _spend(report: Report) -> Figure:
    total, before = report.total, report.before
    change = change_in_percent(total.cost_usd, before.cost_usd)
    return Figure(
        "Spend, at least" if total.is_at_least and total.cost_usd else "Spend",
        escape_label(amount(Sum(cost_usd=total.cost_usd)) if total.cost_usd else amount(total).capitalize()),
        change,
        _arrow(change, total.cost_usd, before.cost_usd),
        [float(cost) for cost in _spent(by_period(report))],
        escape_label(
            f"In US dollars, before taxes; {dollars(before.cost_usd)} in as many days just before. "
            "Whatever was asked for in these days counts, in the school's time."
        ),
    )


def _forecast(report: Report, forecast: Forecast) -> Figure:
    return Figure(
        f"Forecast, {forecast.month:%b}",
        escape_label(dollars(forecast.expected_usd)),
        _how_sure(forecast),
        "off",
        forecast_line(report.days, forecast),
        forecast_help(forecast),
        is_line=True,
    )


def _how_sure(forecast: Forecast) -> str:
    """A label of both the month and this would be cut on a narrow card."""
    if forecast.is_at_least:
        return "at least"
    either_way = max(forecast.high_usd - forecast.expected_usd, forecast.expected_usd - forecast.low_usd)
    return escape_label(f"± {dollars(either_way)}") if either_way else "no change seen"


def forecast_help(forecast: Forecast) -> str:
    spent = f"{dollars(forecast.spent_usd)} was spent in {forecast.month:%B} so far."
    mean = (
        "For each day that is left we add the mean of its kind, school day or weekend, "
        f"over the last {counted(forecast.based_on_days, 'day')}."
    )
    between = (
        f"By how much those days differ, four months of five would end between {dollars(forecast.low_usd)} "
        f"and {dollars(forecast.high_usd)}."
    )
    at_least = "Some of it has no known price, so it is at least that." if forecast.is_at_least else ""
    return escape_label(f"{spent} {mean} {between} {at_least}".strip())


def forecast_line(days: Sequence[DaySum], forecast: Forecast) -> list[float]:
    """The month's rise as far as its days are on the page, then straight to what is expected."""
    ends = (forecast.month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    here = [one for one in days if forecast.month <= one.day <= ends]
    spent = _spent(here)
    start = forecast.spent_usd - sum(spent, Decimal(0))
    rise = list(accumulate(spent, initial=start)) if here and start >= 0 else [Decimal(0), forecast.spent_usd]
    left = max(1, (ends - (here[-1].day if here else forecast.month)).days)
    step = (forecast.expected_usd - rise[-1]) / left
    return [float(one) for one in (*rise, *(rise[-1] + step * day for day in range(1, left + 1)))]


def _requests(report: Report) -> Figure:
    now, before = report.total.requests, report.before.requests
    said = f"Portraits and messages that were sent; {before:,} in as many days just before."
    trend = [float(sum(one.requests for one in day.by_series.values())) for day in by_period(report)]
    change = change_in_percent(Decimal(now), Decimal(before))
    return Figure("Requests", f"{now:,}", change, _arrow(change, now, before), trend, said)


def _tokens(report: Report) -> Figure:
    now, before = report.total.tokens, report.before.tokens
    said = f"Parts of words and pictures that OpenAI counts; {short_count(before)} in as many days just before."
    trend = [float(sum(one.tokens for one in day.by_series.values())) for day in by_period(report)]
    change = change_in_percent(Decimal(now), Decimal(before))
    return Figure("Tokens", short_count(now), change, _arrow(change, now, before), trend, said)


def _photos(report: Report) -> Figure:
    now, before = report.photos, report.photos_before
    trend = [float(_photos_of(day)) for day in by_period(report)]
    change = change_in_count(now, before)
    said = f"Portraits that were made, single ones and whole classes. {AS_MANY_DAYS}"
    return Figure("Photos", f"{now:,}", change, _arrow(change, now, before), trend, said)


def _errors(report: Report) -> Figure:
    now, before = report.total.errors, report.before.errors
    trend = [float(sum(one.errors for one in day.by_series.values())) for day in by_period(report)]
    said = f"Requests that went wrong; the end of the page says what and what to do. {AS_MANY_DAYS}"
    change = change_in_count(now, before)
    return Figure("Errors", f"{now:,}", change, _arrow(change, now, before), trend, said)


def _photos_of(day: DaySum) -> int:
    sums = [day.by_series[series] for series in (Series.BATCH_IMAGE, Series.IMAGE) if series in day.by_series]
    return sum(one.requests - one.errors for one in sums)


def _spent(days: Sequence[DaySum]) -> list[Decimal]:
    return [sum((one.cost_usd for one in day.by_series.values()), Decimal(0)) for day in days]


def _arrow(change: str, now: Decimal | int, before: Decimal | int) -> Arrow:
    """None where there is nothing to compare with, or no change that is shown."""
    if change in {NONE_BEFORE, AS_BEFORE}:
        return "off"
    return "up" if now > before else "down"
