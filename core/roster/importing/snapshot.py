"""The roster that a plan is made against, as this transaction may see it."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.db.tables.people import ClassStaff, Enrolment, School, SchoolClass, Staff, Student
from core.roster.importing.current import (
    CurrentClass,
    CurrentClassStaff,
    CurrentEnrolment,
    CurrentRoster,
    CurrentSchool,
    CurrentStaff,
    CurrentStudent,
)
from core.roster.importing.neutral import ClassKind

# The same lock as the database's own function takes, but before the roster is read.
_WAIT_FOR_OTHER_IMPORTS = text("select pg_advisory_xact_lock(hashtextextended(:school || '/import', 7))")


def hold_imports(session: Session, school_id: UUID) -> None:
    """Until the transaction ends no other import of this school is applied or undone."""
    session.execute(_WAIT_FOR_OTHER_IMPORTS, {"school": str(school_id)})


def read_current(session: Session, school_id: UUID) -> CurrentRoster:
    return CurrentRoster(
        _school(session, school_id),
        classes=_classes(session, school_id),
        students=_students(session, school_id),
        staff=_staff(session, school_id),
        enrolments=_enrolments(session, school_id),
        class_staff=_class_staff(session, school_id),
    )


def _school(session: Session, school_id: UUID) -> CurrentSchool | None:
    query = select(School.id, School.name, School.sourced_id).where(School.id == school_id)
    row = session.execute(query).one_or_none()
    return CurrentSchool(row.id, row.name, row.sourced_id) if row else None


def _classes(session: Session, school_id: UUID) -> tuple[CurrentClass, ...]:
    rows = session.scalars(select(SchoolClass).where(SchoolClass.school_id == school_id))
    return tuple(
        CurrentClass(
            row.id,
            row.name,
            ClassKind(row.kind),
            level=row.level,
            subject=row.subject,
            sourced_id=row.sourced_id,
            is_archived=row.archived_at is not None,
        )
        for row in rows
    )


def _students(session: Session, school_id: UUID) -> tuple[CurrentStudent, ...]:
    rows = session.scalars(select(Student).where(Student.school_id == school_id))
    return tuple(
        CurrentStudent(
            row.id,
            row.full_name,
            sourced_id=row.sourced_id,
            name_to_check=row.name_to_check,
            preferred_name=row.preferred_name,
            gender=row.gender,
            birth_year=row.birth_year,
            level=row.level,
            status=row.status,
        )
        for row in rows
    )


def _staff(session: Session, school_id: UUID) -> tuple[CurrentStaff, ...]:
    rows = session.scalars(select(Staff).where(Staff.school_id == school_id))
    return tuple(
        CurrentStaff(
            row.id,
            row.full_name,
            sourced_id=row.sourced_id,
            name_to_check=row.name_to_check,
            email=row.email,
            active=row.active,
        )
        for row in rows
    )


def _enrolments(session: Session, school_id: UUID) -> tuple[CurrentEnrolment, ...]:
    query = select(Enrolment).where(Enrolment.school_id == school_id, Enrolment.to_date.is_(None))
    return tuple(CurrentEnrolment(row.id, row.class_id, row.student_id, row.index_no) for row in session.scalars(query))


def _class_staff(session: Session, school_id: UUID) -> tuple[CurrentClassStaff, ...]:
    rows = session.scalars(select(ClassStaff).where(ClassStaff.school_id == school_id))
    return tuple(CurrentClassStaff(row.id, row.class_id, row.staff_id, row.role) for row in rows)
