"""Looks for replies that were kept while their job was already given up."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.photos.spool import Spool

# Of a job `j`: whether a reply of it that is kept elsewhere is needed no more. One that failed was looked at only if
# it says that no picture was in it.
IS_STORED = """
    (
        (j.state = 'done' and exists (select from photos as p where p.id = j.id))
        or (j.state = 'received' and exists (select from photo_replies as r where r.job_id = j.id))
        or (
            j.state = 'failed' and j.received_at is not null
            and j.error_code is not distinct from 'not_an_image'
        )
    )
"""
_JOB = text(
    f"""
    select {IS_STORED} as is_stored, j.state = 'unconfirmed' as is_awaited
    from photo_jobs as j
    where j.id = :job and j.attempt = :attempt
    """  # noqa: S608 - the condition above, and nothing from outside
)
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
    job = session.execute(_JOB, {"job": job_id, "attempt": attempt}).one_or_none()
    if job is None:
        # A database that was put back to an earlier day may not know it yet; the sweep tells the operator.
        return
    if job.is_stored:
        spool.remove(job_id, attempt)
    elif job.is_awaited:
        session.execute(_DEFER_ONCE, {"job": str(job_id)})
