"""A school's students and where they are, kept by its admins."""

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import Enrolment, Student
from core.errors import RegisterChanged, RegisterRefused, UnknownStudent
from core.roster.register.doubles import ask_about_namesakes, ask_about_who_waits, refuse_taken_id
from core.roster.register.enrolling import (
    end,
    end_all,
    enrol,
    enrolment,
    free_number,
    insert_enrolment,
    refuse_taken_number,
)
from core.roster.register.entries import StudentEntry
from core.roster.register.locks import NO_STUDENT, as_admin, await_imports, locked_class, locked_student
from core.roster.register.reads import student_of
from core.roster.register.student_reads import found_students, schoolmates_of, without_form_class
from core.roster.register.views import FoundStudent, Schoolmate, StudentRow


def _now() -> datetime:
    return datetime.now(UTC)


class Students:
    """What may be changed the database decides; the audit log gets a line for each change by itself."""

    def __init__(self, *, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    def schoolmates(self, person: Person) -> list[Schoolmate]:
        """Everybody who has not left, by name."""
        with as_admin(self._database, person) as session:
            return schoolmates_of(session)

    def found(self, person: Person, find: str, *, at_most: int) -> list[FoundStudent]:
        """By a part of the name or of the id; those who left come last."""
        with as_admin(self._database, person) as session:
            return found_students(session, find, at_most)

    def without_form_class(self, person: Person) -> list[Schoolmate]:
        """Who has not left, and whom no form teacher sees."""
        with as_admin(self._database, person) as session:
            return without_form_class(session)

    def one(self, person: Person, student_id: UUID, class_id: UUID | None) -> StudentRow:
        """With the number in this class. Raises UnknownStudent for one that is not the school's."""
        with as_admin(self._database, person) as session:
            found = student_of(session, student_id, class_id)
        if found is None:
            raise UnknownStudent(NO_STUDENT)
        return found

    def add(self, person: Person, class_id: UUID, entry: StudentEntry, *, confirmed: bool = False) -> UUID:
        """Raises RegisterRefused, and ConfirmFirst where somebody in the class has the name."""
        wanted = entry.checked(self._today(person))
        with as_admin(self._database, person) as session:
            await_imports(session, person)
            into = locked_class(session, class_id, is_open=True)
            ask_about_namesakes(session, into, wanted, confirmed=confirmed)
            ask_about_who_waits(session, wanted, confirmed=confirmed)
            refuse_taken_id(session, wanted.sourced_id)
            values = {"school_id": person.school_id, **asdict(wanted), "level": wanted.level or into.level}
            del values["index_no"]
            made = session.scalars(insert(Student).values(values).returning(Student.id)).one()
            refuse_taken_number(session, into, made, wanted.index_no)
            insert_enrolment(session, person, made, class_id, index_no=wanted.index_no, today=self._today(person))
            return made

    def correct(
        self,
        person: Person,
        student_id: UUID,
        read: StudentEntry,
        entry: StudentEntry,
        *,
        class_id: UUID | None,
        confirmed: bool = False,
    ) -> None:
        """`read` is what the person saw in the class `class_id`, or without one where that is None."""
        wanted = entry.checked(self._today(person))
        with as_admin(self._database, person) as session:
            in_class = locked_class(session, class_id) if class_id else None
            student = locked_student(session, student_id)
            place = enrolment(session, in_class.id, student_id) if in_class else None
            if _entry(student, place) != read:
                raise RegisterChanged
            if in_class and wanted.full_name.lower() != read.full_name.lower():
                ask_about_namesakes(session, in_class, wanted, but=student_id, confirmed=confirmed)
            if wanted.sourced_id != read.sourced_id:
                refuse_taken_id(session, wanted.sourced_id)
            _write(student, wanted)
            if in_class and place and wanted.index_no != place.index_no:
                refuse_taken_number(session, in_class, student_id, wanted.index_no)
                place.index_no = wanted.index_no

    def put_into(
        self, person: Person, student_ids: Collection[UUID], class_id: UUID, *, index_no: int | None = None
    ) -> None:
        """Into a form class they come from the one before; who is there already stays as they are."""
        if not student_ids:
            raise RegisterRefused("Nobody is chosen. Choose who comes into the class.")
        with as_admin(self._database, person) as session:
            await_imports(session, person)
            into = locked_class(session, class_id, is_open=True)
            for student_id in dict.fromkeys(student_ids):
                student = locked_student(session, student_id)
                if student.status != "active":
                    raise RegisterRefused(f"{student.full_name} has left the school. Bring them back first.")
                if enrolment(session, class_id, student_id) is None:
                    enrol(session, person, student, into, index_no=index_no, today=self._today(person))

    def take_out(self, person: Person, student_id: UUID, class_id: UUID) -> None:
        """Of this class alone; what is on record about the student stays. Twice is once."""
        with as_admin(self._database, person) as session:
            locked_class(session, class_id)
            locked_student(session, student_id)
            place = enrolment(session, class_id, student_id)
            if place is not None:
                end(session, place.id, self._today(person))

    def leave(self, person: Person, student_id: UUID) -> None:
        """The student is in no class any more, and everything on record stays. Twice is once."""
        with as_admin(self._database, person) as session:
            student = locked_student(session, student_id)
            student.status = "left"
            end_all(session, student_id, self._today(person))

    def come_back(self, person: Person, student_id: UUID, class_id: UUID) -> None:
        """Into this class, with the number of before unless somebody else has it now."""
        with as_admin(self._database, person) as session:
            await_imports(session, person)
            into = locked_class(session, class_id, is_open=True)
            student = locked_student(session, student_id)
            student.status = "active"
            if enrolment(session, class_id, student_id) is None:
                number = free_number(session, class_id, student_id, _last_number(session, class_id, student_id))
                enrol(session, person, student, into, index_no=number, today=self._today(person))

    def _today(self, person: Person) -> date:
        return self._now().astimezone(person.zone).date()


def _last_number(session: Session, class_id: UUID, student_id: UUID) -> int | None:
    of_before = select(Enrolment.index_no).where(Enrolment.class_id == class_id, Enrolment.student_id == student_id)
    return session.scalars(of_before.order_by(Enrolment.to_date.desc()).limit(1)).first()


def _entry(student: Student, place: Enrolment | None) -> StudentEntry:
    return StudentEntry(
        full_name=student.full_name,
        preferred_name=student.preferred_name,
        gender=student.gender,
        birth_year=student.birth_year,
        level=student.level,
        sourced_id=student.sourced_id,
        portraits_allowed=student.portraits_allowed,
        index_no=place.index_no if place else None,
    )


def _write(student: Student, wanted: StudentEntry) -> None:
    if student.full_name != wanted.full_name:
        student.full_name, student.name_to_check = wanted.full_name, False
    student.preferred_name, student.gender = wanted.preferred_name, wanted.gender
    student.birth_year, student.level = wanted.birth_year, wanted.level
    student.sourced_id, student.portraits_allowed = wanted.sourced_id, wanted.portraits_allowed
