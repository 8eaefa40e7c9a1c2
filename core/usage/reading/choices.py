"""By what the page may be filtered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, union
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.tables.people import SchoolClass, Staff
from core.db.tables.rollups import UsageHourly, UsageMonthlyDetail
from core.usage.reading.books import with_books
from core.usage.reading.scope import scope_of
from core.usage.reading.sources import WORK, open_calls
from core.usage.report import Filters, Span

EVER = Span(date(1970, 1, 2), date(2999, 12, 31))


@dataclass(frozen=True)
class Choices:
    """By name; `teachers` is empty for a teacher."""

    teachers: tuple[tuple[UUID, str], ...]
    classes: tuple[tuple[UUID, str], ...]
    features: tuple[str, ...]
    models: tuple[str, ...]


def choices_of(session: Session, person: Person) -> Choices:
    """Everyone and every class of the school for an admin; for a teacher what they used."""
    return _of_school(session, person) if person.is_admin else _of_person(session, person)


def _of_school(session: Session, person: Person) -> Choices:
    staff = select(Staff.id, Staff.full_name).where(Staff.school_id == person.school_id)
    classes = select(SchoolClass.id, SchoolClass.name).where(SchoolClass.school_id == person.school_id)
    used = _used(session, person, UsageHourly, ("feature", "model"))
    return Choices(
        teachers=tuple((key, name) for key, name in session.execute(staff.order_by(Staff.full_name))),
        classes=tuple((key, name) for key, name in session.execute(classes.order_by(SchoolClass.name))),
        features=tuple(sorted({row.feature for row in used})),
        models=tuple(sorted({row.model for row in used})),
    )


def _of_person(session: Session, person: Person) -> Choices:
    used = _used(session, person, UsageMonthlyDetail, WORK)
    classes = select(SchoolClass.id, SchoolClass.name).where(
        SchoolClass.id.in_({row.class_id for row in used} - {None})
    )
    return Choices(
        teachers=(),
        classes=tuple((key, name) for key, name in session.execute(classes.order_by(SchoolClass.name))),
        features=tuple(sorted({row.feature for row in used})),
        models=tuple(sorted({row.model for row in used})),
    )


def _used(session: Session, person: Person, table: Any, names: Sequence[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """In closed days by this rollup, and in the open ones."""
    scope = with_books(session, scope_of(person, Filters(EVER)))
    calls = open_calls(scope).subquery()
    closed = select(*[getattr(table, name) for name in names]).where(*scope.matches(table))
    return session.execute(union(closed, select(*[calls.c[name] for name in names]))).all()
