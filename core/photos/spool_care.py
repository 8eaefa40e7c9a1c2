"""Looks for replies that were kept while their job was already given up."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.photos import job_rows
from core.photos.job import JobState
from core.photos.spool import Spool

_STORED_OR_OVER = frozenset({JobState.RECEIVED, JobState.DONE, JobState.FAILED, JobState.CANCELLED})

_DEFER_ONCE = text(
    """
    select private.defer_portrait(cast(:job as uuid), null)
    where not exists (
        select from procrastinate.procrastinate_jobs as j
        where j.args ->> 'job_id' = cast(:job as text) and j.status in ('todo', 'doing')
    )
    """
)


def revisit(database: Database, spool: Spool) -> None:
    """Defers a job whose reply turned up, and forgets replies that are stored elsewhere."""
    for job_id, attempt in spool.waiting():
        with database.as_worker() as session:
            _revisit_one(session, spool, job_id, attempt)


def _revisit_one(session: Session, spool: Spool, job_id: UUID, attempt: int) -> None:
    job = job_rows.job(session, job_id)
    if job is None:
        # A database that was put back to an earlier day may not know it yet; the sweep tells the operator.
        return
    if job.state in _STORED_OR_OVER:
        spool.remove(job_id, attempt)
    elif job.state is JobState.UNCONFIRMED:
        session.execute(_DEFER_ONCE, {"job": str(job_id)})
