"""The records that go along with a question about a class or a student, as far as the asking person may read them."""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.assistant.context import LET_OUT, Context, Fact, build_context, class_facts, student_facts
from core.assistant.conversation import Subject
from core.assistant.marks import Marks
from core.assistant.whom import About
from core.db.tables.people import School
from core.errors import UnknownStudent
from core.meetings.readiness import readiness
from core.meetings.records import RecordKind, records_of_class, records_of_student
from core.meetings.service import LOOKS_BACK, today_of

TO_MODEL = "to_model"
"""In the school's settings: the kinds that an admin lets out."""


def context_of(session: Session, person: Person, subject: Subject, marks: Marks) -> Context:
    """Raises UnknownStudent for one who left, or whom this person may not see."""
    facts = (
        _of_class(session, person, subject) if subject.kind is About.CLASS else _of_student(session, person, subject)
    )
    return build_context(facts, marks=marks, kinds=let_out(session))


def _of_class(session: Session, person: Person, subject: Subject) -> Iterator[Fact]:
    today = today_of(person)
    records = records_of_class(session, subject.id, me=person.staff_id, since=today - LOOKS_BACK, zone=person.zone)
    return class_facts([readiness(record, today) for record in records])


def _of_student(session: Session, person: Person, subject: Subject) -> Iterator[Fact]:
    today = today_of(person)
    record = records_of_student(session, subject.id, me=person.staff_id, since=today - LOOKS_BACK, zone=person.zone)
    if record is None:
        raise UnknownStudent
    return student_facts(record, readiness(record, today))


def let_out(session: Session) -> Collection[RecordKind]:
    """What an admin chose; without a choice all but cases."""
    chosen = session.scalars(select(School.settings)).one().get(TO_MODEL)
    if not isinstance(chosen, list):
        return LET_OUT
    return frozenset(kind for kind in RecordKind if kind.value in chosen)
