"""Looks for jobs that the queue knows nothing of, so that none blocks its student for ever."""

from sqlalchemy import text

from core.db.engine import Database

# Of a job `j` and its batch `b`. A worker that loses its locks may end another's delivery of the same job; if the
# other dies then, none is left. What waits in a paused batch gets its turn when the batch goes on. A received job
# without its reply has nothing to be made from (the demo's, before they are drawn).
IS_STRAY = """
    (
        j.state in ('queued', 'reserved', 'calling')
        or (j.state = 'received' and exists (select from photo_replies as r where r.job_id = j.id))
    )
    and not (j.state = 'queued' and b.state is not distinct from 'paused')
    and not exists (
        select from procrastinate.procrastinate_jobs as q
        where q.args ->> 'job_id' = cast(j.id as text) and q.status in ('todo', 'doing')
    )
"""
_RETURN = text(
    f"""
    select private.defer_portrait(j.id, j.not_before)
    from photo_jobs as j
    left join photo_batches as b on b.id = j.batch_id
    where {IS_STRAY}
    """  # noqa: S608 - the condition above, and nothing from outside
)


def return_strays(database: Database) -> int:
    """Puts them into the queue; returns how many there were."""
    with database.as_worker() as session:
        return len(session.execute(_RETURN).all())
