"""Gives a demo that runs for days its meetings of today; a public one, its whole school anew."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import StudentGuardian
from core.db.tables.records import Meeting
from core.demo.identity import SCHOOL_ID
from core.demo.meetings import ZONE, meeting_rows
from core.demo.seeding import renew_demo_school
from core.jobs.lookout import Lookout

_SHARE_MEETINGS = text("select private.share_demo_meetings(:day)")


@dataclass(kw_only=True)
class NewDay(Lookout):
    """Looks every minute whether another day has begun at the school."""

    name = "demo's new day"

    database: Database
    per_visit: bool = False
    _done: date | None = None

    def look(self) -> None:
        today = datetime.now(ZONE).date()
        if today == self._done:
            return
        if self.per_visit:
            renew_demo_school(self.database, today)
        with self.database.as_worker() as session:
            plan_meetings(session, today)
            session.execute(_SHARE_MEETINGS, {"day": today})
        self._done = today


def plan_meetings(session: Session, today: date) -> None:
    """Once a day: whoever calls one off finds it gone until tomorrow; students and guardians may have left."""
    rows = [row for row in meeting_rows(today) if _is_there(session, row["student_id"], row["guardian_id"])]
    ids = [row["id"] for row in rows]
    if rows and not session.scalar(select(exists().where(Meeting.id.in_(ids), Meeting.school_id == SCHOOL_ID))):
        session.execute(insert(Meeting).on_conflict_do_nothing(), rows)


def _is_there(session: Session, student_id: object, guardian_id: object) -> bool:
    linked = StudentGuardian.student_id == student_id, StudentGuardian.guardian_id == guardian_id
    return bool(session.scalar(select(exists().where(*linked))))
