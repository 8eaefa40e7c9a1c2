"""Meetings about one student: what is planned, and planning one or calling it off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.tables.people import StudentGuardian
from core.db.tables.records import Meeting
from core.errors import MeetingNotPossible

FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Upcoming:
    """A meeting of today or later; `held_by` is None for the reader's own, which they may call off."""

    id: UUID
    starts_at: datetime
    guardian: str | None
    relationship: str | None
    held_by: str | None


@dataclass(frozen=True)
class WhoComes:
    """A guardian of the student, as far as the reader may know them."""

    id: UUID
    full_name: str
    relationship: str


@dataclass(frozen=True)
class StudentMeetings:
    upcoming: tuple[Upcoming, ...]
    guardians: tuple[WhoComes, ...]


_UPCOMING = text(
    """
    select m.id, m.starts_at, g.full_name as guardian, sg.relationship,
        case when m.staff_id <> :me then holder.full_name end as held_by
    from meetings as m
    inner join staff as holder on holder.id = m.staff_id
    left join student_guardians as sg on sg.student_id = m.student_id and sg.guardian_id = m.guardian_id
    left join guardians as g on g.id = m.guardian_id
    where m.student_id = :student and m.starts_at >= :since
    order by m.starts_at, held_by
    """
)
_GUARDIANS = text(
    """
    select g.id, g.full_name, sg.relationship
    from student_guardians as sg
    inner join guardians as g on g.id = sg.guardian_id
    where sg.student_id = :student order by sg.priority, g.full_name
    """
)


def meetings_of(session: Session, person: Person, student_id: UUID, since: datetime) -> StudentMeetings:
    values = {"me": person.staff_id, "student": student_id, "since": since}
    upcoming = (
        Upcoming(row.id, row.starts_at, row.guardian, row.relationship, row.held_by)
        for row in session.execute(_UPCOMING, values)
    )
    guardians = (WhoComes(row.id, row.full_name, row.relationship) for row in session.execute(_GUARDIANS, values))
    return StudentMeetings(tuple(upcoming), tuple(guardians))


def plan(
    session: Session, person: Person, student_id: UUID, starts_at: datetime, guardian_id: UUID | None, now: datetime
) -> None:
    """Once, however often it is asked for; raises MeetingNotPossible."""
    if starts_at <= now:
        raise MeetingNotPossible("This time is over. Choose a later one.")
    if starts_at > now + FARTHEST:
        raise MeetingNotPossible("This is more than a year away. Choose an earlier day.")
    if guardian_id is not None and not _is_guardian(session, student_id, guardian_id):
        raise MeetingNotPossible("This guardian is not on record for the student any more. Choose again.")
    row = {
        "school_id": person.school_id,
        "student_id": student_id,
        "staff_id": person.staff_id,
        "starts_at": starts_at,
        "guardian_id": guardian_id,
    }
    session.execute(insert(Meeting).values(row).on_conflict_do_nothing())


def call_off(session: Session, person: Person, meeting_id: UUID) -> None:
    """One's own; what is gone already stays gone."""
    session.execute(delete(Meeting).where(Meeting.id == meeting_id, Meeting.staff_id == person.staff_id))


def _is_guardian(session: Session, student_id: UUID, guardian_id: UUID) -> bool:
    linked = StudentGuardian.student_id == student_id, StudentGuardian.guardian_id == guardian_id
    return bool(session.scalar(select(exists().where(*linked))))
