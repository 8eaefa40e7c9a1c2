"""Reads students' records as far as the reader of the session may see them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.meetings.records import (
    AttendanceFigure,
    Case,
    Note,
    Observation,
    RecordKind,
    RecordRef,
    Result,
    StudentRecord,
)

_STUDENTS = text(
    """
    select s.id, s.full_name, e.index_no, p.id as photo_id
    from students as s
    left join enrolments as e on e.student_id = s.id and e.class_id = :class_id and e.to_date is null
    left join photos as p on p.student_id = s.id and p.is_current
    where s.status = 'active' and (e.id is not null or s.id = any(:student_ids))
    order by e.index_no nulls last, s.full_name
    """
)
# Counted here, since a class has thousands of these rows.
_ATTENDANCE = text(
    """
    select a.student_id,
        count(*) filter (where a.status <> 'official_absence') as counted,
        count(*) filter (where a.status = 'late') as late,
        count(*) filter (where a.status = 'absent') as absent,
        count(*) filter (where a.status = 'official_absence') as official,
        (array_agg(a.id order by a.status in ('late', 'absent') desc, a.on_date desc, a.session desc))[1] as id,
        coalesce(max(a.on_date) filter (where a.status in ('late', 'absent')), max(a.on_date)) as on_day,
        (array_agg(a.id order by a.on_date desc, a.session desc) filter (where a.status = 'absent'))[1] as absent_id,
        max(a.on_date) filter (where a.status = 'absent') as absent_on,
        (array_agg(a.id order by a.on_date desc, a.session desc) filter (where a.status = 'late'))[1] as late_id,
        max(a.on_date) filter (where a.status = 'late') as late_on
    from attendance as a where a.student_id = any(:students) and a.on_date >= :since
    group by a.student_id
    """
)
_RESULTS = text(
    """
    select r.id, r.student_id, r.recorded_on as on_day, r.subject, r.assessment, r.score, r.max_score
    from results as r where r.student_id = any(:students) and r.recorded_on >= :since
    order by r.recorded_on, r.subject
    """
)
_OBSERVATIONS = text(
    """
    select o.id, o.student_id, cast(timezone(:zone, o.happened_at) as date) as on_day, o.kind, o.text
    from observations as o
    where o.student_id = any(:students) and o.happened_at >= :since order by o.happened_at
    """
)
_CASES = text(
    """
    select c.id, c.student_id, c.opened_on as on_day, c.kind, c.status, c.summary from cases as c
    where c.student_id = any(:students) and (c.status <> 'closed' or c.closed_on >= :since) order by c.opened_on
    """
)
_NOTES = text(
    """
    select n.id, n.student_id, cast(timezone(:zone, n.created_at) as date) as on_day, n.override, n.text
    from readiness_notes as n where n.student_id = any(:students) and n.staff_id = :me
    """
)


def records_of_class(session: Session, class_id: UUID, *, me: UUID, since: date, zone: ZoneInfo) -> list[StudentRecord]:
    """In register order."""
    return _records(session, {"class_id": class_id, "student_ids": []}, me=me, since=since, zone=zone)


def records_of_student(
    session: Session, student_id: UUID, *, me: UUID, since: date, zone: ZoneInfo
) -> StudentRecord | None:
    """None for one whom the reader may not see."""
    found = records_of_students(session, [student_id], me=me, since=since, zone=zone)
    return found[0] if found else None


def records_of_students(
    session: Session, student_ids: Sequence[UUID], *, me: UUID, since: date, zone: ZoneInfo
) -> list[StudentRecord]:
    """Of whatever classes; without those whom the reader may not see."""
    return _records(session, {"class_id": None, "student_ids": list(student_ids)}, me=me, since=since, zone=zone)


def _records(
    session: Session, whose: Mapping[str, object], *, me: UUID, since: date, zone: ZoneInfo
) -> list[StudentRecord]:
    students = session.execute(_STUDENTS, whose).all()
    values = {"students": [row.id for row in students], "since": since, "zone": zone.key, "me": me}

    def read(statement: Any) -> dict[UUID, list[Row[Any]]]:
        return _by_student(session.execute(statement, values))

    attendance, results, observations = read(_ATTENDANCE), read(_RESULTS), read(_OBSERVATIONS)
    cases, notes = read(_CASES), read(_NOTES)
    return [
        StudentRecord(
            student_id=row.id,
            full_name=row.full_name,
            index_no=row.index_no,
            photo_id=row.photo_id,
            attendance=next(map(_figure, attendance[row.id]), None),
            results=[
                Result(_ref(RecordKind.RESULT, r), r.subject, r.assessment, r.score, r.max_score)
                for r in results[row.id]
            ],
            observations=[Observation(_ref(RecordKind.OBSERVATION, o), o.kind, o.text) for o in observations[row.id]],
            cases=[Case(_ref(RecordKind.CASE, c), c.kind, c.status, c.summary) for c in cases[row.id]],
            note=next((Note(_ref(RecordKind.NOTE, n), n.override, n.text) for n in notes[row.id]), None),
        )
        for row in students
    ]


def _figure(row: Row[Any]) -> AttendanceFigure:
    def day(record_id: UUID | None, on: date) -> RecordRef | None:
        return RecordRef(RecordKind.ATTENDANCE, record_id, row.student_id, on) if record_id else None

    return AttendanceFigure(
        row.counted,
        row.late,
        row.absent,
        row.official,
        latest=_ref(RecordKind.ATTENDANCE, row),
        latest_absent=day(row.absent_id, row.absent_on),
        latest_late=day(row.late_id, row.late_on),
    )


def _by_student(rows: Iterable[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.student_id].append(row)
    return found


def _ref(kind: RecordKind, row: Row[Any]) -> RecordRef:
    return RecordRef(kind, row.id, row.student_id, row.on_day)
