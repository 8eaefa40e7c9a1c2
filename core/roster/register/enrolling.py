"""Where students are: the steps into a class and out of it, each within the caller's transaction."""

from datetime import date
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.tables.people import Enrolment, SchoolClass, Student
from core.errors import RegisterRefused

_HOLDER = text(
    """
    select s.full_name
    from enrolments as e inner join students as s on s.id = e.student_id
    where e.class_id = :class and e.to_date is null and s.status = 'active' and e.index_no = :number
        and e.student_id <> :student
    limit 1
    """
)
_FORM_ENROLMENTS = text(
    """
    select e.id
    from enrolments as e inner join classes as c on c.id = e.class_id
    where e.student_id = :student and e.to_date is null and c.kind = 'form'
    """
)


def enrolment(session: Session, class_id: UUID, student_id: UUID) -> Enrolment | None:
    """The one that lasts."""
    return session.scalar(
        select(Enrolment).where(
            Enrolment.class_id == class_id, Enrolment.student_id == student_id, Enrolment.to_date.is_(None)
        )
    )


def enrol(
    session: Session, person: Person, student: Student, into: SchoolClass, *, index_no: int | None, today: date
) -> None:
    """Into a form class the student comes from the one before, and takes its level."""
    refuse_taken_number(session, into, student.id, index_no)
    if into.kind == "form":
        for old in session.scalars(_FORM_ENROLMENTS, {"student": student.id}).all():
            end(session, old, today)
        student.level = into.level or student.level
    insert_enrolment(session, person, student.id, into.id, index_no=index_no, today=today)


def insert_enrolment(
    session: Session, person: Person, student_id: UUID, class_id: UUID, *, index_no: int | None, today: date
) -> None:
    # Named one by one: an end may not come with the beginning.
    values = {"school_id": person.school_id, "class_id": class_id, "student_id": student_id}
    session.execute(insert(Enrolment).values(**values, index_no=index_no, from_date=today))


def end(session: Session, enrolment_id: UUID, today: date) -> None:
    row = session.get_one(Enrolment, enrolment_id)
    # One that begins tomorrow, as an import may say, can't end today.
    row.to_date = max(row.from_date, today)
    session.flush()


def end_all(session: Session, student_id: UUID, today: date) -> None:
    lasting = select(Enrolment.id).where(Enrolment.student_id == student_id, Enrolment.to_date.is_(None))
    for old in session.scalars(lasting).all():
        end(session, old, today)


def refuse_taken_number(session: Session, into: SchoolClass, student_id: UUID, index_no: int | None) -> None:
    if index_no is None:
        return
    holder = session.scalar(_HOLDER, {"class": into.id, "number": index_no, "student": student_id})
    if holder is not None:
        raise RegisterRefused(
            f"Index number {index_no} of {into.name} belongs to {holder}. Choose another one, or leave it empty."
        )


def free_number(session: Session, class_id: UUID, student_id: UUID, number: int | None) -> int | None:
    """The same number, unless somebody else has it there."""
    values = {"class": class_id, "number": number, "student": student_id}
    return None if number is None or session.scalar(_HOLDER, values) is not None else number
