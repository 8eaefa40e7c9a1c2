"""A student's records as the session's reader may see them, newest first."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import Session

from core.db.tables.people import Staff
from core.db.tables.records import Attendance, Case, Observation, ReadinessNote, Result
from core.roster.records.entries import AttendanceEntry, CaseEntry, NoteEntry, ObservationEntry, ResultEntry
from core.roster.records.keeping import AnyEntry, entry_of
from core.roster.views import AttendanceCount, Record, StudentRecords

LATEST_DAYS = 10
_KEEPS_CASES = text(
    "select :student in (select private.my_form_student_ids())"
    " or (select private.is_admin()) and exists (select from students where id = :student)"
)


def records_of(session: Session, student_id: UUID, *, me: UUID, days_besides: Collection[UUID] = ()) -> StudentRecords:
    results = select(Result).where(Result.student_id == student_id)
    cases = select(Case).where(Case.student_id == student_id)
    return StudentRecords(
        attendance=_attendance(session, student_id),
        results=_read(session, ResultEntry, results.order_by(Result.recorded_on.desc(), Result.subject)),
        observations=_observations(session, student_id, me),
        cases=_read(session, CaseEntry, cases.order_by(Case.opened_on.desc())),
        days=_days(session, student_id, days_besides),
        notes=_notes(session, student_id, me),
        may_keep_cases=may_keep_cases(session, student_id),
    )


def may_keep_cases(session: Session, student_id: UUID) -> bool:
    return bool(session.scalar(_KEEPS_CASES, {"student": student_id}))


def _read(session: Session, kind: type[AnyEntry], rows: Select[Any]) -> tuple[Record[AnyEntry], ...]:
    return tuple(Record(row.id, entry_of(kind, row)) for row in session.scalars(rows))


def _attendance(session: Session, student_id: UUID) -> AttendanceCount:
    rows = session.execute(
        select(Attendance.status, func.count(), func.min(Attendance.on_date))
        .where(Attendance.student_id == student_id)
        .group_by(Attendance.status)
    ).all()
    counts = {status: count for status, count, _ in rows}
    return AttendanceCount(
        present=counts.get("present", 0),
        late=counts.get("late", 0),
        absent=counts.get("absent", 0),
        official_absence=counts.get("official_absence", 0),
        since=min((since for _, _, since in rows), default=None),
    )


def _days(session: Session, student_id: UUID, besides: Collection[UUID]) -> tuple[Record[AttendanceEntry], ...]:
    of_student = Attendance.student_id == student_id
    newest = (Attendance.on_date.desc(), Attendance.session)
    latest = (
        select(Attendance.id).where(of_student, Attendance.status != "present").order_by(*newest).limit(LATEST_DAYS)
    )
    shown = or_(Attendance.id.in_(latest), Attendance.id.in_(besides))
    return _read(session, AttendanceEntry, select(Attendance).where(of_student, shown).order_by(*newest))


def _observations(session: Session, student_id: UUID, me: UUID) -> tuple[Record[ObservationEntry], ...]:
    rows = session.execute(
        select(Observation, Staff.full_name)
        .outerjoin(Staff, Staff.id == Observation.author_id)
        .where(Observation.student_id == student_id)
        .order_by(Observation.happened_at.desc())
    )
    return tuple(Record(row.id, entry_of(ObservationEntry, row), author, row.author_id == me) for row, author in rows)


def _notes(session: Session, student_id: UUID, me: UUID) -> tuple[Record[NoteEntry], ...]:
    """The reader's own first."""
    rows = session.execute(
        select(ReadinessNote, Staff.full_name)
        .outerjoin(Staff, Staff.id == ReadinessNote.staff_id)
        .where(ReadinessNote.student_id == student_id)
        .order_by(ReadinessNote.staff_id != me, Staff.full_name)
    )
    return tuple(Record(row.id, entry_of(NoteEntry, row), author, row.staff_id == me) for row, author in rows)
