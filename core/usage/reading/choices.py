"""By what the page may be filtered."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.tables.people import SchoolClass, Staff
from core.db.tables.rollups import UsageHourly, UsageWeekly


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
    used = select(UsageHourly.feature, UsageHourly.model).distinct().where(UsageHourly.school_id == person.school_id)
    pairs = session.execute(used).all()
    return Choices(
        teachers=tuple((key, name) for key, name in session.execute(staff.order_by(Staff.full_name))),
        classes=tuple((key, name) for key, name in session.execute(classes.order_by(SchoolClass.name))),
        features=tuple(sorted({pair.feature for pair in pairs})),
        models=tuple(sorted({pair.model for pair in pairs})),
    )


def _of_person(session: Session, person: Person) -> Choices:
    used = (
        select(UsageWeekly.class_id, UsageWeekly.feature, UsageWeekly.model)
        .distinct()
        .where(UsageWeekly.user_id == person.staff_id)
    )
    rows = session.execute(used).all()
    classes = select(SchoolClass.id, SchoolClass.name).where(SchoolClass.id.in_({row.class_id for row in rows}))
    return Choices(
        teachers=(),
        classes=tuple((key, name) for key, name in session.execute(classes.order_by(SchoolClass.name))),
        features=tuple(sorted({row.feature for row in rows})),
        models=tuple(sorted({row.model for row in rows})),
    )
