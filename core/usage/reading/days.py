"""Usage by the school's days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.usage.reading.amounts import sum_of, total
from core.usage.reading.scope import Scope, before
from core.usage.reading.sources import by_day, sums
from core.usage.report import DaySum, Series, Span, Sum


@dataclass(frozen=True)
class DayRow:
    """One type on one day that had any use."""

    day: date
    series: Series
    sum: Sum
    photos: int
    first_tokens: int
    first_token_ms: int


@dataclass(frozen=True)
class Days:
    """A span with whatever was used in it."""

    span: Span
    rows: Sequence[DayRow]

    @property
    def total(self) -> Sum:
        return total(row.sum for row in self.rows)

    @property
    def photos(self) -> int:
        return sum(row.photos for row in self.rows)

    @property
    def first_token_ms(self) -> int | None:
        """The mean of the answers that tell it."""
        answers = sum(row.first_tokens for row in self.rows)
        return round(sum(row.first_token_ms for row in self.rows) / answers) if answers else None

    @property
    def photo_share(self) -> float | None:
        """Of the attempts at a picture, those that gave one."""
        attempts = sum(row.sum.requests for row in self.rows if row.series is not Series.CHAT)
        return self.photos / attempts if attempts else None

    def by_series(self) -> tuple[DaySum, ...]:
        """Every day, also those without use."""
        used = {(row.day, row.series): row.sum for row in self.rows}
        days = (self.span.first + timedelta(days=n) for n in range(self.span.days))
        return tuple(DaySum(day, {one: used.get((day, one), Sum()) for one in Series}) for day in days)

    def cost_per_photo(self) -> Mapping[date, Decimal]:
        """What the day's attempts cost for each picture that came of them; without days of an unknown cost."""
        images = [row for row in self.rows if row.series is not Series.CHAT]
        return _per_piece((row.day, row.sum, row.photos) for row in images)

    def cost_per_message(self) -> Mapping[date, Decimal]:
        """The same for each answer that ended without an error."""
        answers = [row for row in self.rows if row.series is Series.CHAT]
        return _per_piece((row.day, row.sum, row.sum.requests - row.sum.errors) for row in answers)


def _per_piece(rows: Iterable[tuple[date, Sum, int]]) -> dict[date, Decimal]:
    spent: dict[date, tuple[Sum, int]] = {}
    for day, used, pieces in sorted(rows, key=lambda row: row[0]):
        already, before_it = spent.get(day, (Sum(), 0))
        spent[day] = total([already, used]), before_it + pieces
    return {day: used.cost_usd / pieces for day, (used, pieces) in spent.items() if pieces > 0 and not used.is_at_least}


def days_of(session: Session, scope: Scope) -> Days:
    source = by_day(scope)
    statement = select(
        source.c.day,
        source.c.type,
        *sums(source),
        func.sum(source.c.first_tokens).label("first_tokens"),
        func.sum(source.c.first_token_ms).label("first_token_ms"),
    ).group_by(source.c.day, source.c.type)
    rows = [
        DayRow(row.day, Series(row.type), sum_of(row), int(row.photos), int(row.first_tokens), int(row.first_token_ms))
        for row in session.execute(statement)
        if row.requests
    ]
    return Days(scope.span, rows)


def days_before(session: Session, scope: Scope) -> Days:
    """Those of the span before."""
    return days_of(session, scope.over(before(scope.span)))
