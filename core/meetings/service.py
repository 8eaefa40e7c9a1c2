"""Students before a meeting, for one person at a time; row-level security decides which records are seen."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import exists, select

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import SchoolClass, Student
from core.errors import NotAllowed, UnknownStudent
from core.meetings import planning
from core.meetings.agenda import PlannedMeeting, planned_on, with_students
from core.meetings.planning import StudentMeetings
from core.meetings.readiness import Readiness, readiness
from core.meetings.reading import records_of_class, records_of_student, records_of_students

LOOKS_BACK = timedelta(days=180)
"""Two terms with their holidays. Not from the school year's start: in March that would leave nothing to compare."""


class Meetings:
    """What there is to say about a class or a student, as of today at the school."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def of_class(self, person: Person, class_id: UUID) -> list[Readiness]:
        """In register order; raises NotAllowed for a class that this person may not see."""
        today = today_of(person)
        with self._database.as_person(person) as session:
            if not session.scalar(select(exists().where(SchoolClass.id == class_id))):
                raise NotAllowed
            records = records_of_class(
                session, class_id, me=person.staff_id, since=today - LOOKS_BACK, zone=person.zone
            )
        return [readiness(record, today) for record in records]

    def of_student(self, person: Person, student_id: UUID) -> Readiness:
        """Raises UnknownStudent for one that this person may not see, or who left."""
        today = today_of(person)
        with self._database.as_person(person) as session:
            record = records_of_student(
                session, student_id, me=person.staff_id, since=today - LOOKS_BACK, zone=person.zone
            )
        if record is None:
            raise UnknownStudent
        return readiness(record, today)

    def today(self, person: Person) -> list[PlannedMeeting]:
        """The meetings that this person holds today, earliest first."""
        today = today_of(person)
        with self._database.as_person(person) as session:
            planned = planned_on(session, person, today)
            if not planned:
                return []
            records = records_of_students(
                session,
                [one.student_id for one in planned],
                me=person.staff_id,
                since=today - LOOKS_BACK,
                zone=person.zone,
            )
        return with_students(planned, [readiness(record, today) for record in records])

    def planned(self, person: Person, student_id: UUID) -> StudentMeetings:
        """Of today and later, whoever holds them, and who may come."""
        since = datetime.combine(today_of(person), time.min, person.zone)
        with self._database.as_person(person) as session:
            return planning.meetings_of(session, person, student_id, since)

    def plan(self, person: Person, student_id: UUID, day: date, at: time, guardian_id: UUID | None = None) -> None:
        """Day and time are the school's. Raises UnknownStudent or MeetingNotPossible."""
        starts_at = datetime.combine(day, at, person.zone)
        with self._database.as_person(person) as session:
            if session.get(Student, student_id) is None:
                raise UnknownStudent
            planning.plan(session, person, student_id, starts_at, guardian_id, datetime.now(person.zone))

    def call_off(self, person: Person, meeting_id: UUID) -> None:
        with self._database.as_person(person) as session:
            planning.call_off(session, person, meeting_id)


def today_of(person: Person) -> date:
    """The day that it is at the school."""
    return datetime.now(person.zone).date()
