"""Takes classes with their students into the next school year, all that were chosen or none."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import SchoolClass
from core.errors import ClassBusy, ImportOutOfDate, NewYearOutOfDate, RegisterRefused, UnknownClass
from core.roster.records.fields import one_of
from core.roster.register.entries import TEACHER_ROLES, ClassEntry
from core.roster.register.locks import NO_CLASS, as_admin, await_imports
from core.roster.register.new_year import Fate, Plan, Preview
from core.roster.register.new_year_reads import previews_of

_CONTINUE = text("select private.continue_class(:class, cast(:plan as jsonb))")


def _now() -> datetime:
    return datetime.now(UTC)


class NewSchoolYears:
    """A preview shows what will happen before anything is saved."""

    def __init__(self, *, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    def preview(self, person: Person, class_id: UUID) -> Preview:
        """Raises UnknownClass for one that is not the school's."""
        with as_admin(self._database, person) as session:
            return _previews(session, SchoolClass.id == class_id)[0]

    def previews(self, person: Person, school_year: int) -> list[Preview]:
        """Of the form classes of a year that are open, by level and name."""
        is_meant = (SchoolClass.school_year == school_year, SchoolClass.kind == "form")
        with as_admin(self._database, person) as session:
            return _previews(session, *is_meant, SchoolClass.archived_at.is_(None), may_be_none=True)

    def begin(self, person: Person, plans: Sequence[Plan]) -> list[UUID | None]:
        """The new classes, None for each that only ended. One transaction: what one class is refused, all are.

        Raises RegisterRefused, and NewYearOutOfDate where a class changed after the preview.
        """
        if not plans:
            raise RegisterRefused("No class is chosen. Choose which ones go on.")
        today = self._now().astimezone(person.zone).date()
        wanted = [_checked(plan, plan.into.checked(today) if plan.into else None) for plan in plans]
        try:
            with as_admin(self._database, person) as session:
                await_imports(session, person)
                here = _as_they_are(session, wanted)
                return [_begin(session, here[plan.class_id], plan) for plan in wanted]
        except ImportOutOfDate as error:
            raise NewYearOutOfDate from error
        except ClassBusy as error:
            raise RegisterRefused(_busy("one of the classes")) from error


def _previews(session: Session, *is_meant: Any, may_be_none: bool = False) -> list[Preview]:
    rows = session.scalars(
        select(SchoolClass).where(*is_meant).order_by(SchoolClass.level.nulls_last(), SchoolClass.name)
    ).all()
    if not rows and not may_be_none:
        raise UnknownClass(NO_CLASS)
    return previews_of(session, rows) if rows else []


def _checked(plan: Plan, into: ClassEntry | None) -> Plan:
    if into is None and Fate.GOES in plan.fates.values():
        raise RegisterRefused("There is no new class for those who go along. Choose what becomes of them.")
    teachers = {staff_id: one_of(role, "The role", TEACHER_ROLES) for staff_id, role in plan.teachers.items()}
    return Plan(plan.class_id, into, plan.fates, teachers if into else {}, plan.archives)


def _as_they_are(session: Session, plans: Sequence[Plan]) -> dict[UUID, Preview]:
    meant = {plan.class_id for plan in plans}
    here = {one.id: one for one in _previews(session, SchoolClass.id.in_(meant))}
    if set(here) != meant:
        raise UnknownClass(NO_CLASS)
    return here


def _begin(session: Session, here: Preview, plan: Plan) -> UUID | None:
    _refuse_impossible(session, here, plan.into)
    values = {"class": plan.class_id, "plan": json.dumps(_as_json(plan))}
    made: UUID | None = session.scalar(_CONTINUE, values)
    return made


def _refuse_impossible(session: Session, here: Preview, into: ClassEntry | None) -> None:
    name = here.entry.name
    if here.continued_by is not None:
        later = here.continued_by
        raise RegisterRefused(f"{name} goes on as {later.name} of {later.school_year} already. Nothing was changed.")
    if here.is_archived:
        raise RegisterRefused(f"{name} is archived. Bring it back before it goes on.")
    if here.makes_photos:
        raise RegisterRefused(_busy(name))
    if into is None:
        return
    if into.school_year <= here.entry.school_year:
        raise RegisterRefused(f"{name} is of {here.entry.school_year}. Choose a later school year for it to go on.")
    if here.is_form and _is_taken(session, into):
        raise RegisterRefused(
            f"There is a form class {into.name} of {into.school_year} already. Choose another name, or archive it."
        )


def _is_taken(session: Session, into: ClassEntry) -> bool:
    there = select(SchoolClass.id).where(
        SchoolClass.kind == "form",
        SchoolClass.school_year == into.school_year,
        func.lower(SchoolClass.name) == func.lower(into.name),
        SchoolClass.archived_at.is_(None),
    )
    return session.scalars(there).first() is not None


def _busy(name: str) -> str:
    return f"Photos of {name} are being made. Wait until they are ready, or cancel them on the page Class photos."


def _as_json(plan: Plan) -> dict[str, object]:
    into = plan.into and {key: asdict(plan.into)[key] for key in ("name", "level", "school_year")}
    return {
        "into": into,
        "archive": plan.archives,
        "teachers": [{"staff_id": str(one), "role": role} for one, role in plan.teachers.items()],
        "students": [{"enrolment_id": str(one), "fate": fate.value} for one, fate in plan.fates.items()],
    }
