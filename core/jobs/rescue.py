"""Finds jobs whose worker is gone and hands them to whoever is alive."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# A job that is being done is locked by its worker (locks.py), so a free lock means that nobody does it.
# The lock of an abandoned one is taken here until the transaction ends, so that nobody starts meanwhile.
_ABANDONED = text(
    """
    with doing as materialized (
        select j.id, j.args ->> 'job_id' as job_id
        from procrastinate.procrastinate_jobs as j
        where j.status = 'doing' and j.task_name = :task
    )
    select doing.id, doing.job_id from doing
    where pg_try_advisory_xact_lock(hashtextextended(doing.job_id, 11))
    """
)
# Its worker may end it at this very moment, and the queue refuses to take back what has ended.
_BACK = text(
    """
    with abandoned as materialized (
        select id from procrastinate.procrastinate_jobs where id = :id and status = 'doing' for update
    )
    select procrastinate.procrastinate_retry_job_v2(id, clock_timestamp(), null, null, null) from abandoned
    """
)


class Rescuer:
    """Asked again and again; a job must be found abandoned twice.

    For a moment before a worker locks what it fetched, and after it lets go of what it did, the lock is free, too.
    """

    def __init__(self, task: str) -> None:
        self._task = task
        self._suspects: frozenset[int] = frozenset()

    def rescue(self, session: Session) -> list[UUID]:
        """Puts abandoned jobs back into the queue; returns the ids of the portraits they are about."""
        session.execute(text("set local search_path = procrastinate, public"))
        abandoned = {row.id: UUID(row.job_id) for row in session.execute(_ABANDONED, {"task": self._task})}
        confirmed = self._suspects & abandoned.keys()
        back = [one for one in confirmed if session.execute(_BACK, {"id": one}).one_or_none() is not None]
        self._suspects = frozenset(abandoned) - confirmed
        return [abandoned[queue_id] for queue_id in back]
