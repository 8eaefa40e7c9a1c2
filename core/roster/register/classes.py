"""A school's classes and who teaches them, kept by its admins."""

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import ClassStaff, SchoolClass, Staff
from core.errors import ConfirmFirst, RegisterChanged, RegisterRefused, UnknownClass
from core.roster.records.fields import one_of
from core.roster.register.entries import TEACHER_ROLES, ClassEntry
from core.roster.register.locks import NO_CLASS, as_admin, locked_class
from core.roster.register.reads import class_entry, classes_of, colleagues_of, open_class_of
from core.roster.register.views import ClassRow, Colleague, OpenClass

_BATCHES = text("select id from photo_batches where class_id = :class and state in ('running', 'paused')")
_CANCEL = text("select private.cancel_batch(:batch)")
NO_MEMBER = "Only active members can teach a class. Look at People, or choose somebody else."


def _now() -> datetime:
    return datetime.now(UTC)


class Classes:
    """What may be changed the database decides; the audit log gets a line for each change by itself."""

    def __init__(self, *, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    def today(self, person: Person) -> date:
        """At the school."""
        return self._now().astimezone(person.zone).date()

    def all(self, person: Person) -> list[ClassRow]:
        """Archived ones too; form classes first, by level and name."""
        with as_admin(self._database, person) as session:
            return classes_of(session)

    def open(self, person: Person, class_id: UUID) -> OpenClass:
        """Raises UnknownClass for one that is not the school's."""
        with as_admin(self._database, person) as session:
            row = session.get(SchoolClass, class_id)
            if row is None:
                raise UnknownClass(NO_CLASS)
            return open_class_of(session, row)

    def colleagues(self, person: Person) -> list[Colleague]:
        with as_admin(self._database, person) as session:
            return colleagues_of(session)

    def add(self, person: Person, entry: ClassEntry, *, confirmed: bool = False) -> UUID:
        """Raises RegisterRefused, and ConfirmFirst where another class has the name."""
        wanted = entry.checked(self.today(person))
        with as_admin(self._database, person) as session:
            _refuse_twin(session, wanted, confirmed=confirmed)
            values = {"school_id": person.school_id, **asdict(wanted)}
            return session.scalars(insert(SchoolClass).values(values).returning(SchoolClass.id)).one()

    def correct(
        self, person: Person, class_id: UUID, read: ClassEntry, entry: ClassEntry, *, confirmed: bool = False
    ) -> None:
        """`read` is what the person saw: raises RegisterChanged where something else stands there by now."""
        wanted = entry.checked(self.today(person))
        with as_admin(self._database, person) as session:
            row = locked_class(session, class_id)
            if class_entry(row) != read:
                raise RegisterChanged
            if row.archived_at is None:
                _refuse_twin(session, wanted, but=class_id, confirmed=confirmed)
            row.name, row.level, row.kind = wanted.name, wanted.level, wanted.kind
            row.subject, row.school_year = wanted.subject, wanted.school_year

    def archive(self, person: Person, class_id: UUID) -> None:
        """Its teachers no longer see it; portraits that are not yet started are not made. Twice is once."""
        with as_admin(self._database, person) as session:
            for batch in session.scalars(_BATCHES, {"class": class_id}).all():
                session.execute(_CANCEL, {"batch": batch})
            row = locked_class(session, class_id)
            if row.archived_at is None:
                row.archived_at = self._now()

    def bring_back(self, person: Person, class_id: UUID) -> None:
        with as_admin(self._database, person) as session:
            row = locked_class(session, class_id)
            if row.archived_at is not None:
                _refuse_twin(session, class_entry(row), but=class_id, confirmed=True)
                row.archived_at = None

    def add_teachers(self, person: Person, class_id: UUID, staff_ids: Collection[UUID], role: str) -> None:
        """Who has the class already keeps the role that they have."""
        wanted = one_of(role, "The role", TEACHER_ROLES)
        if not staff_ids:
            raise RegisterRefused("Nobody is chosen. Choose who teaches the class.")
        with as_admin(self._database, person) as session:
            locked_class(session, class_id)
            _refuse_non_members(session, staff_ids)
            here = set(session.scalars(select(ClassStaff.staff_id).where(ClassStaff.class_id == class_id)))
            for staff_id in dict.fromkeys(staff_ids):
                if staff_id not in here:
                    values = {"school_id": person.school_id, "class_id": class_id, "staff_id": staff_id}
                    session.add(ClassStaff(**values, role=wanted))

    def give_role(self, person: Person, class_id: UUID, staff_id: UUID, role: str) -> None:
        wanted = one_of(role, "The role", TEACHER_ROLES)
        with as_admin(self._database, person) as session:
            locked_class(session, class_id)
            row = _teacher(session, class_id, staff_id)
            if row is None:
                raise RegisterChanged
            row.role = wanted

    def remove_teacher(self, person: Person, class_id: UUID, staff_id: UUID) -> None:
        """Twice is once."""
        with as_admin(self._database, person) as session:
            locked_class(session, class_id)
            row = _teacher(session, class_id, staff_id)
            if row is not None:
                session.delete(row)


def _refuse_twin(session: Session, wanted: ClassEntry, *, but: UUID | None = None, confirmed: bool) -> None:
    """Two form classes of a year can't have one name; other classes may."""
    same_year = select(SchoolClass.kind).where(
        SchoolClass.school_year == wanted.school_year,
        func.lower(SchoolClass.name) == func.lower(wanted.name),
        SchoolClass.archived_at.is_(None),
        SchoolClass.id.is_distinct_from(but),
    )
    kinds = set(session.scalars(same_year))
    there = f"There is a class {wanted.name} of {wanted.school_year} already"
    if wanted.kind == "form" and "form" in kinds:
        raise RegisterRefused(f"{there}. Choose another name, or archive that one first.")
    if kinds and not confirmed:
        raise ConfirmFirst(f"{there}. Save again if there should be another one.")


def _refuse_non_members(session: Session, staff_ids: Collection[UUID]) -> None:
    active = set(session.scalars(select(Staff.id).where(Staff.id.in_(staff_ids), Staff.active)))
    if active != set(staff_ids):
        raise RegisterRefused(NO_MEMBER)


def _teacher(session: Session, class_id: UUID, staff_id: UUID) -> ClassStaff | None:
    return session.scalar(select(ClassStaff).where(ClassStaff.class_id == class_id, ClassStaff.staff_id == staff_id))
