"""Looks after answers whose process is gone, for everybody."""

import structlog

from core.assistant import answer_rows
from core.db.engine import Database

log = structlog.get_logger(__name__)


def cut_off_lost_answers(database: Database) -> None:
    """Needs the worker's login; whoever follows such an answer doesn't wait for this."""
    with database.as_worker() as session:
        lost = answer_rows.cut_off_all(session)
    if lost:
        log.info("cut off answers of a process that is gone", answers=lost)
