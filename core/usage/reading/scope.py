"""Whose usage is read, of which days, and what of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from core.accounts.person import Person
from core.errors import NotAllowed
from core.usage.report import Filters, Span


@dataclass(frozen=True)
class Scope:
    """`staff_id` is None for a whole school; the rest is as in Filters."""

    school_id: UUID
    zone: ZoneInfo
    span: Span
    staff_id: UUID | None = None
    class_id: UUID | None = None
    feature: str | None = None
    model: str | None = None

    def over(self, span: Span) -> "Scope":
        return replace(self, span=span)

    @property
    def is_filtered(self) -> bool:
        return any((self.staff_id, self.class_id, self.feature, self.model))

    @property
    def is_about_work(self) -> bool:
        """Whether only one class or feature counts, which the days of a person don't tell."""
        return self.class_id is not None or self.feature is not None

    def matches(self, table: Any) -> list[ColumnElement[bool]]:
        """Conditions on whatever of it the table knows, the days left out."""
        wanted = {
            "school_id": self.school_id,
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


def whole_weeks(span: Span) -> Span | None:
    """From the first Monday to the last Sunday in it; None where there is no whole week."""
    first = span.first + timedelta(days=-span.first.weekday() % 7)
    last = span.last - timedelta(days=(span.last.weekday() + 1) % 7)
    return Span(first, last) if first <= last else None


def loose_days(span: Span) -> list[Span]:
    """What is left of it on both sides of its whole weeks."""
    weeks = whole_weeks(span)
    if weeks is None:
        return [span]
    sides = [
        Span(span.first, weeks.first - timedelta(days=1)),
        Span(weeks.last + timedelta(days=1), span.last),
    ]
    return [side for side in sides if side.days > 0]


def mondays(weeks: Span) -> list[date]:
    return [weeks.first + timedelta(days=n) for n in range(0, weeks.days, 7)]
