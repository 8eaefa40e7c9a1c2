"""Batches against their jobs."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.photos.sweep.check import RowCheck
from core.photos.sweep.sources import Sources

_END = text("select private.end_batch_if_over(:batch)")


def finish(session: Session, _sources: Sources, row: Row[Any]) -> None:
    session.execute(_END, {"batch": row.id})


ENDLESS_BATCH = RowCheck(
    name="endless_batch",
    meaning="A batch is not finished though none of its jobs has anything left to do.",
    remedy="It is finished.",
    rows="""
        select b.id, cast(null as uuid) as job_id, 'the batch is ' || b.state as detail
        from photo_batches as b
        where b.finished_at is null and b.started_at < clock_timestamp() - :at_rest
            and not exists (
                select from photo_jobs as j
                where j.batch_id = b.id
                    and (j.state in ('queued', 'reserved', 'calling', 'received') or not ({at_rest}))
            )
    """,
    mend=finish,
)

# A late reply makes one received again while its batch stays finished.
FINISHED_TOO_EARLY = RowCheck(
    name="finished_too_early",
    meaning="A batch is finished though jobs of it are still to be done.",
    remedy="Nothing repairs it: the jobs are done all the same, if a worker runs.",
    rows="""
        select b.id, j.id as job_id, 'job ' || j.id || ' is ' || j.state as detail
        from photo_batches as b
        inner join photo_jobs as j on j.batch_id = b.id
        where b.finished_at is not null and j.state in ('queued', 'reserved', 'calling')
            and b.finished_at < clock_timestamp() - :at_rest
            and {at_rest}
    """,
)

CHECKS = (ENDLESS_BATCH, FINISHED_TOO_EARLY)
