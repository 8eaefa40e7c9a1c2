"""Gives a demo that runs for days its meetings of today."""

import threading
from dataclasses import dataclass, field
from datetime import date, datetime

import structlog
from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import StudentGuardian
from core.db.tables.records import Meeting
from core.demo.identity import SCHOOL_ID
from core.demo.meetings import ZONE, meeting_rows
from core.errors import DatabaseAway
from core.log import places

LOOK_EVERY_S = 60.0

log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class NewDay:
    """A companion of the worker: looks every minute whether another day has begun at the school."""

    database: Database
    look_every_s: float = LOOK_EVERY_S
    _done: date | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._watch, name="demo's new day", daemon=True)
        self._thread.start()

    def request_stop(self) -> None:
        """Returns at once."""
        self._stopping.set()

    def stop(self) -> None:
        """Returns when it has ended."""
        self.request_stop()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._look()
            self._stopping.wait(self.look_every_s)

    def _look(self) -> None:
        today = datetime.now(ZONE).date()
        if today == self._done:
            return
        try:
            with self.database.as_worker() as session:
                plan_meetings(session, today)
            self._done = today
        except DatabaseAway:
            log.warning("database away, looking again")
        except Exception as error:  # noqa: BLE001 - the companion's loop outlives everything
            log.warning("no meetings of today, looking again", error=type(error).__name__, places=places(error))


def plan_meetings(session: Session, today: date) -> None:
    """Once a day: whoever calls one off finds it gone until tomorrow; students and guardians may have left."""
    rows = [row for row in meeting_rows(today) if _is_there(session, row["student_id"], row["guardian_id"])]
    ids = [row["id"] for row in rows]
    if rows and not session.scalar(select(exists().where(Meeting.id.in_(ids), Meeting.school_id == SCHOOL_ID))):
        session.execute(insert(Meeting).on_conflict_do_nothing(), rows)


def _is_there(session: Session, student_id: object, guardian_id: object) -> bool:
    linked = StudentGuardian.student_id == student_id, StudentGuardian.guardian_id == guardian_id
    return bool(session.scalar(select(exists().where(*linked))))
