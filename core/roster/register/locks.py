"""What an admin's change reads first and holds until it is done, so that two admins never meet half-way."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import SchoolClass, Student
from core.errors import NotAllowed, RegisterRefused, UnknownClass, UnknownStudent

ADMINS_ONLY = "Only admins change classes and who is in them. Ask one of yours."
NO_CLASS = "There is no such class in your school. Choose one from the list."
NO_STUDENT = "There is no such student in your school. Look for the name in the list."
PUT_AWAY = "This class is archived, so nobody can be put into it. Bring it back first."

_TAKEN = {
    "classes_current_form_class_key": "There is a form class of this name in that school year already.",
    "classes_continued_once_key": "Another class goes on from the same class already. Archive that one first.",
    "students_school_id_sourced_id_key": "Another student has this id already. Look at both and correct one.",
    "class_staff_school_id_class_id_staff_id_key": "This teacher has the class already.",
    "enrolments_current_key": "This student is in the class already.",
    "student_guardians_school_id_student_id_guardian_id_key": "This is a guardian of the student already.",
}


@contextmanager
def as_admin(database: Database, person: Person) -> Iterator[Session]:
    """One transaction; what is there already, whoever was quicker, becomes a sentence."""
    if not person.is_admin:
        raise NotAllowed(ADMINS_ONLY)
    try:
        with database.as_person(person) as session:
            yield session
    except IntegrityError as error:
        sentence = _TAKEN.get(getattr(error.orig, "diag").constraint_name)  # noqa: B009 -- psycopg2's, not the DBAPI's
        if sentence is None:
            raise
        raise RegisterRefused(sentence) from error


def locked_class(session: Session, class_id: UUID, *, is_open: bool = False) -> SchoolClass:
    """`is_open` refuses an archived one."""
    row = session.scalar(
        select(SchoolClass)
        .where(SchoolClass.id == class_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownClass(NO_CLASS)
    if is_open and row.archived_at is not None:
        raise RegisterRefused(PUT_AWAY)
    return row


def locked_student(session: Session, student_id: UUID) -> Student:
    """With those who change only where students are, one after the other."""
    row = session.scalar(
        select(Student)
        .where(Student.id == student_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownStudent(NO_STUDENT)
    return row


def await_imports(session: Session, person: Person) -> None:
    """As an import does, which changes many classes and students at once."""
    session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 7))"), {"key": f"{person.school_id}/import"}
    )
