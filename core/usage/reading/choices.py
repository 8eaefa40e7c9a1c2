"""By what the page may be filtered."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Date, DateTime, cast, func, select
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.tables.people import SchoolClass, Staff
from core.db.tables.rollups import UsageHourly, UsageWeekly
from core.db.tables.usage import UsageDaily


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
    days = select(UsageDaily.day).where(UsageDaily.user_id == person.staff_id)
    monday = cast(func.date_trunc("week", cast(UsageDaily.day, DateTime)), Date)
    mine = (
        UsageWeekly.school_id == person.school_id,
        UsageWeekly.user_id == person.staff_id,
        UsageWeekly.week.in_(session.scalars(days.with_only_columns(monday).distinct()).all()),
    )
    class_ids = set(session.scalars(select(UsageWeekly.class_id).distinct().where(*mine)))
    features = session.scalars(select(UsageWeekly.feature).distinct().where(*mine))
    models = session.scalars(select(UsageDaily.model).distinct().where(UsageDaily.user_id == person.staff_id))
    classes = select(SchoolClass.id, SchoolClass.name).where(SchoolClass.id.in_(class_ids - {None}))
    return Choices(
        teachers=(),
        classes=tuple((key, name) for key, name in session.execute(classes.order_by(SchoolClass.name))),
        features=tuple(sorted(features)),
        models=tuple(sorted(models)),
    )
