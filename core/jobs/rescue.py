"""Finds jobs whose worker is gone and hands them to whoever is alive."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# A job that is being done is locked by its worker (locks.py), so a free lock means that nobody does it.
# The second of grace is for a worker that has fetched the job and not locked it yet.
_RESCUE = text(
    """
    with abandoned as materialized (
        select j.id, j.args ->> 'job_id' as job_id
        from procrastinate.procrastinate_jobs as j
        where j.status = 'doing' and j.task_name = :task
            and not exists (
                select from procrastinate.procrastinate_events as e
                where e.job_id = j.id and e.type = 'started' and e.at > clock_timestamp() - interval '1 second'
            )
    )
    select a.job_id, procrastinate.procrastinate_retry_job_v2(a.id, clock_timestamp(), null, null, null)
    from (select * from abandoned where pg_try_advisory_xact_lock(hashtextextended(abandoned.job_id, 11))) as a
    """
)


def rescue(session: Session, task: str) -> list[UUID]:
    """Puts abandoned jobs back into the queue; returns the ids of the portraits they are about."""
    session.execute(text("set local search_path = procrastinate, public"))
    return [UUID(job_id) for job_id, _ in session.execute(_RESCUE, {"task": task})]
