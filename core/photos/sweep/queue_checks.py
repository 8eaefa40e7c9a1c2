"""Jobs against the queue."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.photos.strays import IS_STRAY
from core.photos.sweep.check import RowCheck
from core.photos.sweep.sources import Sources

_DEFER = text("select private.defer_portrait(:job, :starts_at)")
# The queue's triggers name their tables without a schema.
_SEE_THE_QUEUE = text("set local search_path = public, procrastinate")
_FORGET = text("delete from procrastinate.procrastinate_jobs as q where q.id = :id and q.status = 'todo'")


def defer(session: Session, job_id: UUID, *, starts_at: datetime | None = None) -> None:
    session.execute(_DEFER, {"job": job_id, "starts_at": starts_at})


def return_to_queue(session: Session, _sources: Sources, row: Row[Any]) -> None:
    defer(session, row.id, starts_at=row.not_before)


def forget(session: Session, _sources: Sources, row: Row[Any]) -> None:
    session.execute(_SEE_THE_QUEUE)
    session.execute(_FORGET, {"id": row.id})


STRAY = RowCheck(
    name="stray",
    meaning="A job is not over, and the queue knows nothing of it.",
    remedy="It is put back into the queue; a running worker does so by itself.",
    rows=f"""
        select j.id, j.id as job_id, 'the job is ' || j.state as detail, j.not_before
        from photo_jobs as j
        left join photo_batches as b on b.id = j.batch_id
        where {IS_STRAY} and {{at_rest}}
    """,  # noqa: S608 - the condition that the worker uses, and nothing from outside
    mend=return_to_queue,
)

# One that waits for its time goes by itself then; whatever turned up for an unconfirmed job is for the worker.
QUEUED_BUT_OVER = RowCheck(
    name="queued_but_over",
    meaning="The queue still holds a turn of a job that is over or gone.",
    remedy="The turn is deleted; a running worker does so by itself.",
    rows="""
        select q.id, j.id as job_id, coalesce('the job is ' || j.state, 'the job is gone') as detail
        from procrastinate.procrastinate_jobs as q
        left join photo_jobs as j on cast(j.id as text) = q.args ->> 'job_id'
        where q.task_name = 'make_portrait' and q.status = 'todo'
            and coalesce(q.scheduled_at < clock_timestamp() - :at_rest, true)
            and not exists (
                select from procrastinate.procrastinate_events as e
                where e.job_id = q.id and e.at > clock_timestamp() - :at_rest
            )
            and (j.id is null or (j.state in ('done', 'failed', 'cancelled') and {at_rest}))
    """,
    mend=forget,
)

CHECKS = (STRAY, QUEUED_BUT_OVER)
