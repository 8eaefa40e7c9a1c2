"""Drops the schools of visits that are over, so that nothing of them is left, neither rows nor files."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import select, text

from core.db.engine import Database
from core.db.tables.visits import DemoVisit
from core.errors import StorageAway
from core.jobs.lookout import Lookout
from core.photos.storage import PhotoStorage

LOOK_EVERY_S = 15.0
log = structlog.get_logger(__name__)

_END_OLD = text("select private.end_old_demo_visits()")
_DROP = text("select private.drop_demo_visit(:school)")


@dataclass(kw_only=True)
class VisitsEnd(Lookout):
    """Beside the worker: a new visitor does not wait until an old visit is dropped."""

    name = "ended visits"

    database: Database
    storage: PhotoStorage
    first_look_s: float = LOOK_EVERY_S
    look_every_s: float = LOOK_EVERY_S

    def look(self) -> None:
        with self.database.as_worker() as session:
            session.execute(_END_OLD)
        for school_id in ended_visits(self.database):
            if self._stopping.is_set():
                break
            self._drop(school_id)

    def _drop(self, school_id: UUID) -> None:
        """While the store is away visits without files of their own go, or no newcomer would find room."""
        try:
            drop_visit(self.database, self.storage, school_id)
        except StorageAway as error:
            log.warning("visit_not_dropped", school=str(school_id), code=error.code)


def ended_visits(database: Database) -> list[UUID]:
    """Schools of visits that are over and not dropped yet, the first to end first."""
    with database.as_worker() as session:
        over = select(DemoVisit.school_id).where(DemoVisit.ended_at.is_not(None)).order_by(DemoVisit.ended_at)
        return list(session.scalars(over))


def drop_visit(database: Database, storage: PhotoStorage, school_id: UUID) -> bool:
    """False where a portrait or an answer of it is under way, and it goes at a later look."""
    with database.as_worker() as session:
        files = session.scalar(_DROP, {"school": school_id})
        if files is None:
            return False
        # Before the commit: what could not be deleted is found again with its school.
        storage.delete(files)
        return True
