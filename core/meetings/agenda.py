"""Who comes to talk with a person today, and how ready they are for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.meetings.readiness import Readiness


class Prepared(StrEnum):
    """How far a teacher is: who wrote a note or a word of their own is ready."""

    READY = "ready"
    TO_CHECK = "to_check"
    NO_NOTES = "no_notes"


@dataclass(frozen=True, kw_only=True)
class PlannedMeeting:
    """A meeting that this person holds; `guardian` is None where it is not known or not theirs to know."""

    id: UUID
    starts_at: datetime
    guardian: str | None
    relationship: str | None
    student: Readiness

    @property
    def prepared(self) -> Prepared:
        if self.student.note is not None:
            return Prepared.READY
        return Prepared.TO_CHECK if self.student.to_discuss else Prepared.NO_NOTES


@dataclass(frozen=True)
class Planned:
    """The same without the student's records."""

    id: UUID
    student_id: UUID
    starts_at: datetime
    guardian: str | None
    relationship: str | None


_ON_DAY = text(
    """
    select m.id, m.student_id, m.starts_at, g.full_name as guardian, sg.relationship
    from meetings as m
    inner join students as s on s.id = m.student_id and s.status = 'active'
    left join student_guardians as sg on sg.student_id = m.student_id and sg.guardian_id = m.guardian_id
    left join guardians as g on g.id = m.guardian_id
    where m.staff_id = :me and m.starts_at >= :begins and m.starts_at < :ends
    order by m.starts_at, s.full_name
    """
)


def planned_on(session: Session, person: Person, day: date) -> list[Planned]:
    """What the person holds on that day at the school, earliest first."""
    begins = datetime.combine(day, time.min, person.zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, person.zone)
    rows = session.execute(_ON_DAY, {"me": person.staff_id, "begins": begins, "ends": ends})
    return [Planned(row.id, row.student_id, row.starts_at, row.guardian, row.relationship) for row in rows]


def with_students(planned: Collection[Planned], students: Collection[Readiness]) -> list[PlannedMeeting]:
    by_id = {student.student_id: student for student in students}
    return [
        PlannedMeeting(
            id=one.id,
            starts_at=one.starts_at,
            guardian=one.guardian,
            relationship=one.relationship,
            student=by_id[one.student_id],
        )
        for one in planned
        if one.student_id in by_id
    ]
