"""Adding, correcting and removing records of students, as one person at a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import Student
from core.errors import NotAllowed, RecordChanged, RecordExists, RecordGone, UnknownStudent
from core.roster.records.entries import AttendanceEntry, CaseEntry, Entry, ResultEntry
from core.roster.records.fields import day_name
from core.roster.records.keeping import KEEPING, columns, entry_of
from core.roster.records.names import ResultNames, result_names
from core.roster.records.reads import may_keep_cases

NOT_YOUR_CASES = "Cases are kept by the form teacher and by admins. Tell one of them what should stand there."


def _now() -> datetime:
    return datetime.now(UTC)


class Records:
    """What may be changed the database decides; the audit log gets a line for each change by itself."""

    def __init__(self, *, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    def now(self, person: Person) -> datetime:
        """At the school."""
        return self._now().astimezone(person.zone)

    def names(self, person: Person, student_id: UUID) -> ResultNames:
        """Subjects, terms and assessments to offer for a result."""
        with self._database.as_person(person) as session:
            return result_names(session, student_id, now=self.now(person))

    def add(self, person: Person, student_id: UUID, entry: Entry) -> UUID:
        """Raises RecordRefused, and RecordExists where the student has one of the same day or assessment."""
        wanted = entry.checked(self.now(person))
        with self._database.as_person(person) as session:
            if session.get(Student, student_id) is None:
                raise UnknownStudent
            if isinstance(wanted, CaseEntry) and not may_keep_cases(session, student_id):
                raise NotAllowed(NOT_YOUR_CASES)
            if isinstance(wanted, ResultEntry):
                wanted = result_names(session, student_id, now=self.now(person)).spelled(wanted)
            return _inserted(session, person, student_id, wanted)

    def correct(self, person: Person, record_id: UUID, read: Entry, entry: Entry) -> None:
        """`read` is what the person saw: raises RecordChanged where something else stands there by now."""
        with self._database.as_person(person) as session:
            row = _locked(session, record_id, read)
            wanted = entry.checked(self.now(person), before=read)  # type: ignore[arg-type]  # both of one kind
            for name, value in columns(wanted).items():
                if getattr(row, name) != value:
                    setattr(row, name, value)

    def remove(self, person: Person, record_id: UUID, read: Entry) -> None:
        """As `correct`."""
        if isinstance(read, CaseEntry):
            raise NotAllowed("A case can be closed and not removed. Set it to closed.")
        with self._database.as_person(person) as session:
            session.delete(_locked(session, record_id, read))


def _locked(session: Session, record_id: UUID, read: Entry) -> Any:
    table = KEEPING[type(read)].table
    row = session.scalar(select(table).where(table.id == record_id).with_for_update())
    if row is None:
        raise RecordGone
    if entry_of(type(read), row) != read:
        raise RecordChanged
    return row


def _inserted(session: Session, person: Person, student_id: UUID, entry: Entry) -> UUID:
    keeping = KEEPING[type(entry)]
    values = {"school_id": person.school_id, "student_id": student_id, **columns(entry)}
    if keeping.author:
        values[keeping.author] = person.staff_id
    _refuse_twin(session, entry, values)
    table = keeping.table
    made: UUID | None = session.scalar(insert(table).values(values).on_conflict_do_nothing().returning(table.id))
    if made is None:
        # Somebody else added it this very moment.
        _refuse_twin(session, entry, values)
        raise RecordGone
    return made


def _refuse_twin(session: Session, entry: Entry, values: dict[str, object]) -> None:
    table, twin = KEEPING[type(entry)].table, KEEPING[type(entry)].twin
    if not twin:
        return
    same = [_is(getattr(table, name), values[name]) for name in twin]
    row = session.scalars(select(table).where(table.student_id == values["student_id"], *same)).first()
    if row is not None:
        raise RecordExists(_there_already(entry_of(type(entry), row)), row.id)


def _is(column: Any, value: object) -> Any:
    """English and english are one subject."""
    return func.lower(column) == func.lower(value) if isinstance(value, str) else column == value


def _there_already(entry: Entry) -> str:
    if isinstance(entry, AttendanceEntry):
        status = entry.status.replace("_", " ")
        return f"{day_name(entry.on_date)} is on record already: {status}. Correct that record instead."
    if isinstance(entry, ResultEntry):
        what = f"{entry.assessment} in {entry.subject}, {entry.term}"
        return (
            f"{what}, is on record already, of {day_name(entry.recorded_on)}. "
            "Correct that result, or give this assessment another name, say with its year."
        )
    return "You have a note on this student already. Correct that one instead."
