"""What each tile shows as a table: for its popover, for the files, and for the eyes that don't see a chart."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.ui.usage.failure_words import words_for
from core.ui.usage.ranges import days_line
from core.ui.usage.words import OF_SERIES, OPERATOR, PORTRAIT, added, feature_name
from core.usage.report import DaySum, Failure, Hour, LimitNow, Portraits, Report, Series, Slice, Sum

Cell = str | int | Decimal | date | None
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SUM_COLUMNS = (
    "Spend in USD",
    "Requests",
    "Errors",
    "Tokens",
    "May have been charged, USD",
    "Our own count, USD",
    "Not priced",
)
LONGEST_BY_DAY = 92


@dataclass(frozen=True)
class Table:
    """`columns` and rows of as many cells."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def figures_table(report: Report, filtered_by: Sequence[str] = ()) -> Table:
    """What stands above the charts."""
    total, before = report.total, report.before
    rows: list[tuple[Cell, ...]] = [
        ("Days", days_line(report.filters.span), None),
        *(("Only", one, None) for one in filtered_by),
        ("Spend in USD", total.cost_usd, before.cost_usd),
        ("Of it may have been charged, USD", total.possible_usd, before.possible_usd),
        ("Of it our own count, USD", total.estimated_usd, before.estimated_usd),
        ("Requests not priced", total.unpriced, before.unpriced),
        ("Requests", total.requests, before.requests),
        ("Tokens", total.tokens, before.tokens),
        ("Photos", report.photos, report.photos_before),
        ("Errors", total.errors, before.errors),
    ]
    if report.forecast is not None:
        forecast = report.forecast
        rows += [
            (f"Forecast for {forecast.month:%B %Y}, USD", forecast.expected_usd, None),
            ("Forecast at least, USD", forecast.low_usd, None),
            ("Forecast at most, USD", forecast.high_usd, None),
        ]
    if report.portraits is not None:
        rows += [("Portraits made", report.portraits.made, None), ("Portraits kept", report.portraits.kept, None)]
        if report.portraits.success is not None:
            rows.append(("Tries that gave a picture, %", round(100 * report.portraits.success), None))
    if report.first_token_ms is not None:
        rows.append(("First words of an answer after, ms", report.first_token_ms, None))
    return Table("Figures", ("Figure", "In these days", "As many days before"), tuple(rows))


def by_period(report: Report) -> list[DaySum]:
    """The days; over three months the weeks, by their Monday or the span's first day."""
    if len(report.days) <= LONGEST_BY_DAY:
        return list(report.days)
    weeks: dict[date, list[DaySum]] = defaultdict(list)
    for one in report.days:
        weeks[max(one.day - timedelta(days=one.day.weekday()), report.filters.span.first)].append(one)
    return [DaySum(first, _added_series(days)) for first, days in weeks.items()]


def _added_series(days: Sequence[DaySum]) -> dict[Series, Sum]:
    return {
        series: added(sums)
        for series in Series
        if (sums := [day.by_series[series] for day in days if series in day.by_series])
    }


def days_table(report: Report) -> Table:
    periods = by_period(report)
    name, first = ("Spend by day", "Day") if len(periods) == len(report.days) else ("Spend by week", "Week from")
    columns = (first, *(f"{OF_SERIES[series]}, USD" for series in Series), "Not priced", "Requests", "Errors")
    return Table(name, columns, tuple(_day_row(one) for one in periods))


def _day_row(one: DaySum) -> tuple[Cell, ...]:
    sums = [one.by_series.get(series, Sum()) for series in Series]
    counts = (sum(s.unpriced for s in sums), sum(s.requests for s in sums), sum(s.errors for s in sums))
    return (one.day, *(s.cost_usd for s in sums), *counts)


def slices_table(name: str, first: str, slices: Sequence[Slice]) -> Table:
    return Table(name, (first, *SUM_COLUMNS), tuple((one.name, *_sum_cells(one.sum)) for one in slices))


def _sum_cells(total: Sum) -> tuple[Cell, ...]:
    of_it = (total.possible_usd, total.estimated_usd, total.unpriced)
    return (total.cost_usd, total.requests, total.errors, total.tokens, *of_it)


def hours_table(hours: Sequence[Hour]) -> Table:
    rows = tuple((WEEKDAYS[one.weekday], f"{one.hour:02}:00", one.requests) for one in hours if one.requests)
    return Table("When it is used", ("Weekday", "Hour", "Requests"), rows)


def limits_table(limits: Sequence[LimitNow], zone: ZoneInfo) -> Table:
    rows = tuple(
        (
            one.person,
            OF_SERIES[one.series],
            one.used,
            max(0, one.at_most - one.used),
            one.at_most,
            Decimal(str(one.per_seconds)),
            f"{one.free_at.astimezone(zone):%H:%M:%S}" if one.free_at else None,
        )
        for one in limits
    )
    return Table("Limits right now", ("Who", "What", "Used", "Left", "At most", "In seconds", "Free again at"), rows)


def costs_table(name: str, costs: Mapping[date, Decimal]) -> Table:
    return Table(name, ("Day", "USD each"), tuple(sorted(costs.items())))


def teachers_table(weeks: Mapping[date, int]) -> Table:
    return Table("Active teachers", ("Week from", "Teachers"), tuple(sorted(weeks.items())))


def failures_table(failures: Sequence[Failure], zone: ZoneInfo) -> Table:
    rows = tuple(
        (words_for(one).sentence, words_for(one).to_do, one.count, moment(one, zone), one.last_person or OPERATOR)
        for one in failures
    )
    return Table("What went wrong", ("What", "What to do", "Times", "Last at", "Last person"), rows)


def last_failures_table(failures: Sequence[Failure], zone: ZoneInfo) -> Table:
    rows = tuple(
        (moment(one, zone), words_for(one).sentence, OF_SERIES[one.series], one.last_person or OPERATOR, one.cost_usd)
        for one in failures
    )
    return Table("The last errors", ("At", "What", "Kind", "Person", "Cost in USD"), rows)


def moment(failure: Failure, zone: ZoneInfo) -> str:
    return f"{failure.last_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def features(slices: Sequence[Slice]) -> list[Slice]:
    return [Slice(one.key, feature_name(str(one.key or one.name)), one.sum) for one in slices]


def topics(slices: Sequence[Slice]) -> list[Slice]:
    """What the assistant was asked for, the most frequent first."""
    asked = [one for one in features(slices) if one.key != PORTRAIT]
    return sorted(asked, key=lambda one: -one.sum.requests)


def portraits_table(portraits: Portraits) -> Table:
    rows: list[tuple[Cell, ...]] = [("Made", portraits.made), ("Kept", portraits.kept)]
    if portraits.success is not None:
        rows.append(("Tries that gave a picture, %", round(100 * portraits.success)))
    return Table("Portraits made and kept", ("Portraits", "Count"), tuple(rows))
