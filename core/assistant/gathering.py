"""The records that go along with a question about a class or a student, as far as the asking person may read them."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.assistant.commands import Name
from core.assistant.context import LET_OUT, Context, Listed, build_context
from core.assistant.facts import class_facts, student_facts
from core.assistant.marks import Marks
from core.assistant.message import Subject
from core.assistant.whom import About
from core.errors import UnknownStudent
from core.meetings.readiness import readiness
from core.meetings.reading import records_of_class, records_of_student
from core.meetings.records import RecordKind, StudentRecord
from core.meetings.service import LOOKS_BACK, today_of
from core.usage.model_choice import SchoolChoices


def context_of(
    session: Session,
    person: Person,
    subject: Subject,
    marks: Marks,
    *,
    kinds: Collection[RecordKind] = LET_OUT,
    task: Name | None = None,
) -> Context:
    """Of the `kinds` that may leave. Raises UnknownStudent for one who left, or whom this person may not see."""
    today = today_of(person)
    records = _records(session, person, subject)
    found = [readiness(record, today) for record in records]
    facts = (
        class_facts(found, kinds=kinds, with_figures=task is Name.PROGRESS)
        if subject.kind is About.CLASS
        else student_facts(records[0], found[0])
    )
    students = [Listed(record.student_id, record.full_name) for record in records]
    return build_context(facts, marks=marks, students=students, kinds=kinds)


def _records(session: Session, person: Person, subject: Subject) -> list[StudentRecord]:
    since = today_of(person) - LOOKS_BACK
    if subject.kind is About.CLASS:
        return records_of_class(session, subject.id, me=person.staff_id, since=since, zone=person.zone)
    record = records_of_student(session, subject.id, me=person.staff_id, since=since, zone=person.zone)
    if record is None:
        raise UnknownStudent
    return [record]


def let_out(choices: SchoolChoices) -> frozenset[RecordKind]:
    """What an admin chose; without a choice all but cases."""
    chosen = choices.to_model
    return LET_OUT if chosen is None else frozenset(kind for kind in RecordKind if kind.value in chosen)
