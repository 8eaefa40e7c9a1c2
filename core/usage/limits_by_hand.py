"""The service behind the section "Limits": how often one person may do a thing, and exceptions for some."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import Staff
from core.db.tables.usage import Limit
from core.errors import ChoiceRefused
from core.usage.report import Series

_BOUNDS = text("select * from private.limit_bounds()")
_SET = text("select private.set_limit(:type, :staff, :at_most, :per_seconds, :gap_seconds)")
_FORGET = text("select private.forget_limit(:type, :staff)")


@dataclass(frozen=True)
class Rule:
    """At most so many starts in any window of so many seconds, and a pause from one to the next."""

    at_most: int
    per_seconds: Decimal
    gap_seconds: Decimal


@dataclass(frozen=True)
class Bounds:
    """What the database takes."""

    most: int
    least_seconds: Decimal
    most_seconds: Decimal
    most_gap_seconds: Decimal


@dataclass(frozen=True)
class SchoolLimit:
    """`usual` is what a school begins with."""

    series: Series
    rule: Rule
    usual: Rule
    bounds: Bounds

    @property
    def is_usual(self) -> bool:
        return self.rule == self.usual


@dataclass(frozen=True)
class PersonalLimit:
    """Overrules the school's for one person."""

    staff_id: UUID
    full_name: str
    series: Series
    rule: Rule


@dataclass(frozen=True)
class LimitsView:
    """`members` are those who may get an exception."""

    limits: tuple[SchoolLimit, ...]
    exceptions: tuple[PersonalLimit, ...]
    members: Mapping[UUID, str]

    def of(self, series: Series) -> SchoolLimit:
        return next(one for one in self.limits if one.series is series)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """For admins; whoever else changes anything gets NotAllowed from the database."""

    database: Database

    def view(self, person: Person) -> LimitsView:
        with self.database.as_person(person) as session:
            rows = session.scalars(select(Limit)).all()
            names = dict(session.execute(select(Staff.id, Staff.full_name)).all())
            members = session.execute(
                select(Staff.id, Staff.full_name).where(Staff.active).order_by(Staff.full_name, Staff.id)
            )
            return LimitsView(_limits(session, rows), _exceptions(rows, names), dict(members.all()))

    def set(self, person: Person, series: Series, rule: Rule, *, staff_id: UUID | None = None) -> None:
        """Holds for the next start; `staff_id` makes it an exception. Raises ChoiceRefused beyond the bounds."""
        with self.database.as_person(person) as session:
            _check(rule, _bounds(session)[series].bounds)
            session.execute(_SET, {"type": series.value, "staff": staff_id, **vars(rule)})

    def reset(self, person: Person, series: Series) -> None:
        """To what a school begins with."""
        with self.database.as_person(person) as session:
            rule = _bounds(session)[series].usual
            session.execute(_SET, {"type": series.value, "staff": None, **vars(rule)})

    def forget(self, person: Person, series: Series, staff_id: UUID) -> None:
        """The school's limit holds for this person again."""
        with self.database.as_person(person) as session:
            session.execute(_FORGET, {"type": series.value, "staff": staff_id})


@dataclass(frozen=True)
class _Bounded:
    bounds: Bounds
    usual: Rule


def _bounds(session: Session) -> dict[Series, _Bounded]:
    return {
        Series(row.type): _Bounded(
            Bounds(row.most, row.least_seconds, row.most_seconds, row.most_gap_seconds),
            Rule(row.usual_at_most, row.usual_per_seconds, row.usual_gap_seconds),
        )
        for row in session.execute(_BOUNDS)
    }


def _check(rule: Rule, bounds: Bounds) -> None:
    if not 1 <= rule.at_most <= bounds.most:
        raise ChoiceRefused(f"At least 1 and at most {bounds.most} may start in one window.")
    if not bounds.least_seconds <= rule.per_seconds <= bounds.most_seconds:
        raise ChoiceRefused(f"A window lasts from {bounds.least_seconds:f} seconds to {bounds.most_seconds:f} seconds.")
    if not 0 <= rule.gap_seconds <= min(bounds.most_gap_seconds, rule.per_seconds):
        raise ChoiceRefused(
            f"The pause between two starts lasts from 0 to {bounds.most_gap_seconds:f} seconds, and no longer than "
            "the window."
        )


def _limits(session: Session, rows: Any) -> tuple[SchoolLimit, ...]:
    own = {Series(row.type): _rule(row) for row in rows if row.staff_id is None}
    bounded = _bounds(session)
    return tuple(SchoolLimit(series, own[series], bounded[series].usual, bounded[series].bounds) for series in bounded)


def _exceptions(rows: Any, names: Mapping[UUID, str]) -> tuple[PersonalLimit, ...]:
    found = (
        PersonalLimit(row.staff_id, names[row.staff_id], Series(row.type), _rule(row)) for row in rows if row.staff_id
    )
    return tuple(sorted(found, key=lambda one: (one.full_name, str(one.staff_id), one.series)))


def _rule(row: Limit) -> Rule:
    return Rule(row.at_most, row.per_seconds, row.min_gap_seconds)
