"""Puts the demo school into the database, once, or afresh."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, insert, select, text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import School
from core.db.tables.photos import Photo
from core.demo.identity import SCHOOL_ID
from core.demo.people import TIME_ZONE
from core.demo.school import demo_school
from core.errors import DemoWasPaid
from core.photos.storage import PhotoStorage
from core.usage.paid import has_paid

# The queue's triggers name their tables without a schema.
_SEE_THE_QUEUE = text("set local search_path = public, procrastinate")
# The school that follows has the same ids, and its jobs are not to be run before their replies are drawn.
_FORGET_QUEUED = text(
    """
    delete from procrastinate.procrastinate_jobs as q
    using public.photo_jobs as j
    where q.status = 'todo' and q.args ->> 'job_id' = j.id::text and j.school_id = :school
    """
)
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('demo school', 7))")


def is_seeded(session: Session) -> bool:
    """Whether the demo school is there, whatever became of it since."""
    return bool(session.scalar(select(exists().where(School.id == SCHOOL_ID))))


def seed_demo_school(database: Database, *, today: date | None = None) -> bool:
    """True where the school was missing and is there now; any number of processes may ask at once.

    All dates count back from `today`, by default the day that it is at the school.
    """
    with database.as_worker() as session:
        session.execute(_ONE_AT_A_TIME)
        if is_seeded(session):
            return False
        _insert(session, today or _today())
        return True


def reset_demo_school(database: Database, storage: PhotoStorage, *, today: date | None = None) -> None:
    """The school as on the first day: what people changed, made or imported there is gone, its photos too.

    Raises DemoWasPaid, and changes nothing, where calls of the school were really paid.
    """
    with database.as_worker() as session:
        session.execute(_ONE_AT_A_TIME)
        if has_paid(session, SCHOOL_ID):
            raise DemoWasPaid
        files = _files(session)
        session.execute(_SEE_THE_QUEUE)
        session.execute(_FORGET_QUEUED, {"school": SCHOOL_ID})
        session.execute(delete(School).where(School.id == SCHOOL_ID, School.kind == "demo"))
        _insert(session, today or _today())
        # Before the commit, since the painter uses the same keys again as soon as it sees the new school.
        storage.delete(files)


def _insert(session: Session, today: date) -> None:
    for seeded in demo_school(today):
        session.execute(insert(seeded.table), seeded.rows)


def _today() -> date:
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


def _files(session: Session) -> list[str]:
    found = session.execute(select(Photo.storage_key, Photo.thumb_key).where(Photo.school_id == SCHOOL_ID))
    return [key for row in found for key in row]
