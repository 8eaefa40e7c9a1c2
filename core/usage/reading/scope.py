"""Whose usage is read, of which days, and what of it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from core.accounts.person import Person
from core.errors import NotAllowed
from core.usage.report import Filters, Span


@dataclass(frozen=True)
class Books:
    """Calls from before `closed_until` are in the rollups, by days up to `last_day`."""

    closed_until: datetime
    last_day: date


ALL_OPEN = Books(datetime(1970, 1, 1, tzinfo=UTC), date(1969, 12, 31))


@dataclass(frozen=True)
class Scope:
    """`staff_id` is None for a whole school; the rest is as in Filters. Without books the ledger itself is read."""

    school_id: UUID
    zone: ZoneInfo
    span: Span
    staff_id: UUID | None = None
    class_id: UUID | None = None
    feature: str | None = None
    model: str | None = None
    books: Books = ALL_OPEN

    def over(self, span: Span) -> "Scope":
        return replace(self, span=span)

    @property
    def is_filtered(self) -> bool:
        return any((self.staff_id, self.class_id, self.feature, self.model))

    @property
    def closed_days(self) -> Span | None:
        last = min(self.span.last, self.books.last_day)
        return Span(self.span.first, last) if self.span.first <= last else None

    @property
    def is_closed(self) -> bool:
        return self.closed_days is not None and self.books.closed_until >= self._starts(
            self.span.last + timedelta(days=1)
        )

    def matches(self, table: Any, *, by_school: bool = True) -> list[ColumnElement[bool]]:
        """Conditions on whatever of it the table knows, the days left out; a person is of one school anyway."""
        wanted = {
            "school_id": self.school_id if by_school else None,
            "user_id": self.staff_id,
            "class_id": self.class_id,
            "feature": self.feature,
            "model": self.model,
        }
        return [
            getattr(table, name) == value
            for name, value in wanted.items()
            if value is not None and hasattr(table, name)
        ]

    def moments(self, column: Any, span: Span) -> list[ColumnElement[bool]]:
        return [column >= self._starts(span.first), column < self._starts(span.last + timedelta(days=1))]

    def _starts(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def scope_of(person: Person, filters: Filters) -> Scope:
    """A teacher's is their own; raises NotAllowed for one who asks for a colleague's."""
    if not person.is_admin and filters.staff_id not in {None, person.staff_id}:
        raise NotAllowed("You see what you used yourself. An admin sees the whole school's usage.")
    return Scope(
        person.school_id,
        person.zone,
        filters.span,
        filters.staff_id if person.is_admin else person.staff_id,
        filters.class_id,
        filters.feature,
        filters.model,
    )


def before(span: Span) -> Span:
    """The same number of days just before."""
    last = span.first - timedelta(days=1)
    return Span(last - timedelta(days=span.days - 1), last)


def whole_months(span: Span, closed_until: date) -> Span | None:
    """From the first 1st to the last end of a month in it, or to the last closed day; None without a whole month."""
    first = span.first if span.first.day == 1 else _next_month(span.first)
    ends = span.last + timedelta(days=1)
    last = span.last if span.last == closed_until else ends.replace(day=1) - timedelta(days=1)
    return Span(first, last) if first <= last else None


def loose_days(span: Span, months: Span | None) -> list[Span]:
    """What is left of it on both sides of these whole months."""
    if months is None:
        return [span]
    sides = [
        Span(span.first, months.first - timedelta(days=1)),
        Span(months.last + timedelta(days=1), span.last),
    ]
    return [side for side in sides if side.days > 0]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
