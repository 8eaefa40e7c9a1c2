"""What a chart shows in one sentence, for those who can't see it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from core.ui.formats import counted
from core.ui.usage.ranges import days_line
from core.ui.usage.tables import WEEKDAYS
from core.ui.usage.words import OF_SERIES, amount, dollars
from core.usage.report import Hour, Portraits, Report, Series, Sum

SHOWN = 3


def of_days(report: Report) -> str:
    """The sum, its largest day, and the sum of each type."""
    spent = f"Spend by day, {days_line(report.filters.span)}: {amount(report.total)} in all"
    if not report.total.cost_usd:
        return f"{spent}."
    tops = {one.day: sum((part.cost_usd for part in one.by_series.values()), Decimal(0)) for one in report.days}
    top = max(tops, key=lambda day: tops[day])
    return f"{spent}, most on {top.day} {top:%b} with {dollars(tops[top])}; {_by_series(report)}."


def _by_series(report: Report) -> str:
    sums = {
        series: sum((one.by_series[series].cost_usd for one in report.days if series in one.by_series), Decimal(0))
        for series in Series
    }
    return ", ".join(f"{OF_SERIES[series]} {dollars(spent)}" for series, spent in sums.items() if spent)


def of_spend(title: str, rows: Sequence[tuple[str, Sum]]) -> str:
    return _listed(title, [f"{name} {amount(total)}" for name, total in rows])


def of_requests(title: str, rows: Sequence[tuple[str, Sum]]) -> str:
    return _listed(title, [f"{name} {total.requests:,}" for name, total in rows])


def _listed(title: str, said: Sequence[str]) -> str:
    more = f" and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return f"{title}: {', '.join(said[:SHOWN])}{more}."


def of_hours(hours: Sequence[Hour]) -> str:
    busiest = max(hours, key=lambda one: one.requests)
    total = sum(one.requests for one in hours)
    at = f"{WEEKDAYS[busiest.weekday]}s at {busiest.hour}:00"
    return f"When it is used: busiest on {at} with {busiest.requests} of {counted(total, 'request')}."


def of_costs(what: str, costs: Mapping[date, Decimal]) -> str:
    """From the cheapest to the dearest day, and the last."""
    low, high, last = min(costs.values()), max(costs.values()), max(costs)
    latest = f"{dollars_each(costs[last])} on {last.day} {last:%b}"
    if low == high:
        return f"Cost of one {what}: {latest}."
    return f"Cost of one {what}: between {dollars_each(low)} and {dollars_each(high)}, {latest}."


def dollars_each(price: Decimal) -> str:
    """Two digits that count, since one of them costs parts of a cent."""
    return (
        dollars(price.quantize(Decimal(1).scaleb(price.adjusted() - 1)))
        if 0 < price < Decimal("0.1")
        else dollars(price)
    )


def of_teachers(weeks: Mapping[date, int]) -> str:
    top, last = max(weeks, key=lambda week: weeks[week]), max(weeks)
    now = f"{counted(weeks[last], 'teacher')} in the week from {last.day} {last:%b}"
    return f"Active teachers by week: {now}, at most {weeks[top]}, in the week from {top.day} {top:%b}."


def of_portraits(portraits: Portraits) -> str:
    said = f"Portraits: {portraits.made} made, {portraits.kept} kept"
    return (
        f"{said}." if portraits.success is None else f"{said}; {share(portraits.success)} of the tries gave a picture."
    )


def share(part: float) -> str:
    """In percent, and never 100 % while there is a rest."""
    percent = round(100 * part)
    return f"{min(percent, 99) if part < 1 else percent} %"
