"""Reports as the Usage page may get them, and a service in memory that gives them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from core.accounts.person import Person
from core.usage.prices import CostSource
from core.usage.reading.bills import UncertainCost
from core.usage.reading.choices import Choices
from core.usage.report import (
    Booked,
    DaySum,
    Failure,
    Filters,
    Forecast,
    Hour,
    LimitNow,
    Portraits,
    Report,
    Series,
    Slice,
    Span,
    Sum,
)

LAST = date(2026, 11, 12)
AT = datetime(2026, 11, 12, 2, 25, 41, tzinfo=UTC)
CLASS_ID, TEACHER_ID = uuid4(), uuid4()
CHOICES = Choices(
    teachers=((TEACHER_ID, "Mei Tan"),),
    classes=((CLASS_ID, "P5 Integrity"),),
    features=("portrait", "ptm"),
    models=("gpt-6-luna", "gpt-image-2.5-flare"),
)

FORECAST = Forecast(
    LAST.replace(day=1),
    spent_usd=Decimal("2.81"),
    low_usd=Decimal("4.30"),
    expected_usd=Decimal("4.90"),
    high_usd=Decimal("5.50"),
    based_on_days=28,
)


def a_sum(cost: str = "0.40", requests: int = 10, **more: Any) -> Sum:
    return replace(Sum(requests=requests, tokens=100 * requests, cost_usd=Decimal(cost)), **more)


def a_slice(name: str, cost: str = "0.40", requests: int = 10, *, key: UUID | str | None = None, **more: Any) -> Slice:
    return Slice(key or name, name, a_sum(cost, requests, **more))


def some_days(count: int = 30, *, last: date = LAST) -> tuple[DaySum, ...]:
    days = [last - timedelta(days=back) for back in range(count)][::-1]
    one_day = {Series.CHAT: a_sum("0.01", 4), Series.IMAGE: a_sum("0.03", 2, errors=1)}
    return tuple(DaySum(day, one_day) for day in days)


def a_failure(code: str = "moderation_blocked", count: int = 3, *, series: Series = Series.IMAGE) -> Failure:
    return Failure(code, series, count, AT, "Mei Tan", Decimal(0))


def a_report(*, days: int = 30, is_school: bool = True, **more: Any) -> Report:
    """Of everything something."""
    report = Report(
        filters=Filters(Span(LAST - timedelta(days=days - 1), LAST)),
        is_school=is_school,
        total=a_sum("5.79", 1284, errors=7),
        before=a_sum("5.17", 1178, errors=10),
        photos=96,
        photos_before=55,
        forecast=FORECAST,
        days=some_days(days),
        by_teacher=(a_slice("Mei Tan", "2.14"), a_slice("Arjun Nair", "1.38")) if is_school else (),
        by_class=(a_slice("P5 Integrity", "1.98"), Slice(None, "No class", a_sum("0.85"))),
        by_feature=(a_slice("portrait", "3.08", 96), a_slice("ptm", "1.20", 412), a_slice("lesson", "0.80", 318)),
        by_model=(a_slice("gpt-image-2.5-flare", "3.08"), a_slice("gpt-6-luna", "2.71")),
        hours=(Hour(0, 15, 23), Hour(4, 8, 12)),
        cost_per_photo={LAST: Decimal("0.0136"), LAST - timedelta(days=3): Decimal("0.0134")},
        cost_per_message={LAST: Decimal("0.0004")},
        first_token_ms=612,
        failures=(a_failure(),),
        last_failures=(a_failure(count=1),),
        limits=(LimitNow("Mei Tan", Series.IMAGE, 3, 5, 60.0, AT + timedelta(seconds=22)),),
        portraits=Portraits(made=96, kept=80, success=0.97),
        active_teachers={LAST - timedelta(days=3): 12} if is_school else {},
    )
    return replace(report, **more)


def nothing_used(*, days: int = 7, is_school: bool = True) -> Report:
    span = Span(LAST - timedelta(days=days - 1), LAST)
    empty = {series: Sum() for series in Series}
    return Report(
        filters=Filters(span),
        is_school=is_school,
        total=Sum(),
        before=Sum(),
        photos=0,
        photos_before=0,
        forecast=None,
        days=tuple(DaySum(span.first + timedelta(days=n), empty) for n in range(days)),
        by_teacher=(),
        by_class=(),
        by_feature=(),
        by_model=(),
        hours=(),
    )


def an_uncertain(source: CostSource = CostSource.POSSIBLE) -> UncertainCost:
    return UncertainCost(
        uuid4(), AT, Series.IMAGE, "gpt-image-2.5-flare", Decimal("0.0132"), source, "no_answer", "Mei Tan"
    )


@dataclass
class FakeUsageReports:
    """Gives `shows` with the filters that it was asked for, and notes them."""

    shows: Report
    booked_lines: Sequence[Booked] = ()
    uncertain_rows: Sequence[UncertainCost] = ()
    asked: list[Filters] = field(default_factory=list)

    def report(self, person: Person, filters: Filters, now: datetime) -> Report:  # noqa: ARG002 -- as the real one
        self.asked.append(filters)
        return replace(self.shows, filters=filters)

    def booked(self, person: Person, span: Span) -> list[Booked]:  # noqa: ARG002 -- as above
        return list(self.booked_lines)

    def uncertain(self, person: Person, span: Span) -> list[UncertainCost]:  # noqa: ARG002 -- as above
        return list(self.uncertain_rows)

    def choices(self, person: Person) -> Choices:
        return CHOICES if person.is_admin else replace(CHOICES, teachers=())
