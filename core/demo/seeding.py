"""Puts the demo school into the database, once, or afresh."""

from datetime import date

from sqlalchemy import delete, exists, insert, select, text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import School
from core.db.tables.photos import Photo
from core.demo.identity import SCHOOL_ID
from core.demo.school import demo_school
from core.photos.storage import PhotoStorage

_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('demo school', 7))")


def is_seeded(session: Session) -> bool:
    """Whether the demo school is there, whatever became of it since."""
    return bool(session.scalar(select(exists().where(School.id == SCHOOL_ID))))


def seed_demo_school(session: Session, *, today: date) -> None:
    """Inserts every row; dates count back from `today`, the school's own. Fails where the school is there already."""
    for seeded in demo_school(today):
        session.execute(insert(seeded.table), seeded.rows)


def ensure_demo_school(database: Database, *, today: date) -> bool:
    """True where the school was missing and is there now; any number of processes may ask at once."""
    with database.as_worker() as session:
        session.execute(_ONE_AT_A_TIME)
        if is_seeded(session):
            return False
        seed_demo_school(session, today=today)
        return True


def reset_demo_school(database: Database, storage: PhotoStorage, *, today: date) -> None:
    """The school as on the first day: what people changed, made or imported there is gone, its photos too."""
    with database.as_worker() as session:
        session.execute(_ONE_AT_A_TIME)
        files = _files(session)
        session.execute(delete(School).where(School.id == SCHOOL_ID, School.kind == "demo"))
        seed_demo_school(session, today=today)
    # After the commit: files without rows are only waste, rows without files would be broken pictures.
    storage.delete(files)


def _files(session: Session) -> list[str]:
    found = session.execute(select(Photo.storage_key, Photo.thumb_key).where(Photo.school_id == SCHOOL_ID))
    return [key for row in found for key in row]
