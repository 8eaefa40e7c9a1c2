"""Puts the demo school into the database, once, or afresh."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, func, insert, select, text, update
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import School
from core.db.tables.photos import Photo
from core.db.tables.visits import DemoVisit
from core.demo.identity import SCHOOL_ID
from core.demo.people import TIME_ZONE
from core.demo.school import demo_school
from core.demo.visits_end import drop_visit, ended_visits
from core.errors import DemoWasPaid
from core.photos.storage import PhotoStorage
from core.usage.paid import has_paid

ZONE = ZoneInfo(TIME_ZONE)

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

    So are the schools of a public demo's visits, but for one that has something under way: the worker drops it later.
    Raises DemoWasPaid, and changes nothing, where calls of the school were really paid.
    """
    with database.as_worker() as session:
        session.execute(_ONE_AT_A_TIME)
        if has_paid(session, SCHOOL_ID):
            raise DemoWasPaid
        files = _files(session)
        _replace(session, today or _today())
        session.execute(update(DemoVisit).where(DemoVisit.ended_at.is_(None)).values(ended_at=func.now()))
        # Before the commit, since the painter uses the same keys again as soon as it sees the new school.
        storage.delete(files)
    for school_id in ended_visits(database):
        drop_visit(database, storage, school_id)


def renew_demo_school(database: Database, today: date) -> bool:
    """The same school with its dates counted back from `today`, for a public demo: true if it was of an earlier day.

    Its files stay: visits of yesterday show them, and the painter draws the same ones under the same keys.
    """
    with database.as_worker() as session:
        session.execute(_ONE_AT_A_TIME)
        made_at = session.scalar(select(School.created_at).where(School.id == SCHOOL_ID))
        if made_at is None or made_at.astimezone(ZONE).date() >= today or has_paid(session, SCHOOL_ID):
            return False
        _replace(session, today)
        return True


def _replace(session: Session, today: date) -> None:
    session.execute(_SEE_THE_QUEUE)
    session.execute(_FORGET_QUEUED, {"school": SCHOOL_ID})
    session.execute(delete(School).where(School.id == SCHOOL_ID, School.kind == "demo"))
    _insert(session, today)


def _insert(session: Session, today: date) -> None:
    for seeded in demo_school(today):
        session.execute(insert(seeded.table), seeded.rows)


def _today() -> date:
    return datetime.now(ZONE).date()


def _files(session: Session) -> list[str]:
    found = session.execute(select(Photo.storage_key, Photo.thumb_key).where(Photo.school_id == SCHOOL_ID))
    return [key for row in found for key in row]
