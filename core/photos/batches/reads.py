"""Batches as far as the reader of the session may see them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.photos.batches.batch import Batch, BatchLine, BatchState, Counts, Result, Spent
from core.photos.batches.forecast import Limit
from core.photos.job import JobState

_BATCH = text(
    """
    select b.id, b.class_id, c.name as class_name, b.state, b.pause_reason, b.message, s.full_name as requested_by,
        b.options ->> 'style' as style,
        coalesce(latest.asked ->> 'model', b.options ->> 'model') as model,
        coalesce(latest.asked ->> 'quality', b.options ->> 'quality') as quality,
        b.created_at, b.started_at, b.finished_at, b.paused_at,
        sums.cost_usd, sums.possible_usd, sums.held_usd, sums.unpriced
    from photo_batches as b
    inner join photo_batch_sums as sums on sums.batch_id = b.id
    left join classes as c on c.id = b.class_id
    left join staff as s on s.id = b.requested_by
    -- The school may have chosen another model since the batch was asked for.
    left join lateral (
        select j.options -> 'asked' as asked
        from photo_jobs as j
        where j.batch_id = b.id and j.called_at is not null
        order by j.called_at desc
        limit 1
    ) as latest on true
    where b.id = :batch
    """
)

_RESULTS = text(
    """
    select n.job_id, n.student_id, coalesce(s.full_name, 'Left the class') as full_name, e.index_no,
        n.state, n.not_before, n.called_at, n.received_at,
        n.finished_at, n.message, n.error_code, n.spent_usd, n.possible_usd, n.unpriced, p.id as photo_id, n.is_newest,
        n.is_decided, s.id is not null as may_be_seen
    from photo_batch_students as n
    left join students as s on s.id = n.student_id
    left join enrolments as e
        on e.student_id = n.student_id and e.class_id = n.class_id and e.to_date is null
    left join photos as p on p.id = n.job_id and p.removed_at is null
    where n.batch_id = :batch
    order by n.place, n.job_id
    """
)

# Those with work left, or all of one class.
_LINES = text(
    """
    with chosen as (
        select b.* from photo_batches as b
        where b.class_id = :class_id or (cast(:class_id as uuid) is null and b.finished_at is null)
        order by b.created_at desc
        limit 50
    ),
    counted as (
        select n.batch_id,
            count(*) filter (where n.state = 'done') as done,
            count(*) filter (where n.state = 'failed') as not_made,
            count(*) filter (where n.state = 'unconfirmed') as unconfirmed,
            count(*) filter (where n.state = 'cancelled') as cancelled,
            count(*) filter (where n.state in ('reserved', 'calling', 'received')) as making,
            count(*) filter (where n.state = 'queued') as waiting,
            array_agg(n.not_before) filter (where n.state = 'queued') as starts_at,
            array_agg(n.called_at) filter (where n.state in ('reserved', 'calling', 'received')) as called_at
        from photo_batch_students as n
        where n.batch_id in (select chosen.id from chosen)
        group by n.batch_id
    )
    select chosen.id, chosen.class_id, c.name as class_name, chosen.state, chosen.pause_reason, chosen.message,
        chosen.created_at, chosen.finished_at, counted.done, counted.not_made, counted.unconfirmed, counted.cancelled,
        counted.making, counted.waiting, counted.starts_at, counted.called_at,
        sums.cost_usd, sums.possible_usd, sums.held_usd, sums.unpriced
    from chosen
    inner join counted on counted.batch_id = chosen.id
    inner join photo_batch_sums as sums on sums.batch_id = chosen.id
    left join classes as c on c.id = chosen.class_id
    order by chosen.created_at desc
    """
)

_LIMIT = text(
    """
    select l.at_most, l.per_seconds, l.min_gap_seconds
    from limits as l
    where l.type = 'batch_image' and (l.staff_id is null or l.staff_id = :staff)
    order by l.staff_id nulls last
    limit 1
    """
)

_ACTIVE_OF_CLASS = text("select id from photo_batches where class_id = :class_id and state in ('running', 'paused')")

# The person's own calls that brought a picture, the latest ones only.
_USUAL_MS = text(
    """
    select percentile_cont(0.5) within group (order by latest.duration_ms)
    from (
        select u.duration_ms from openai_usage as u
        where u.user_id = :staff and u.type in ('image', 'batch_image') and u.error is null
            and u.duration_ms is not null
        order by u.created_at desc
        limit 50
    ) as latest
    """
)


def batch(session: Session, batch_id: UUID) -> Batch | None:
    row = session.execute(_BATCH, {"batch": batch_id}).one_or_none()
    if row is None:
        return None
    return Batch(
        id=row.id,
        class_id=row.class_id,
        class_name=row.class_name,
        state=BatchState(row.state),
        pause_reason=row.pause_reason,
        message=row.message,
        requested_by=row.requested_by,
        style=row.style,
        model=row.model,
        quality=row.quality,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        paused_at=row.paused_at,
        results=tuple(_result(result) for result in session.execute(_RESULTS, {"batch": batch_id})),
        spent=_spent(row),
    )


def active_batch_of(session: Session, class_id: UUID) -> UUID | None:
    found: UUID | None = session.scalar(_ACTIVE_OF_CLASS, {"class_id": class_id})
    return found


def lines(session: Session, class_id: UUID | None) -> list[BatchLine]:
    """A class's latest batches, or for None all with work left; newest first."""
    return [_line(row) for row in session.execute(_LINES, {"class_id": class_id})]


def limit(session: Session, staff_id: UUID) -> Limit:
    return Limit(*session.execute(_LIMIT, {"staff": staff_id}).one())


def usual_time(session: Session, staff_id: UUID | None) -> timedelta | None:
    """What a call of this person's usually takes, None where none tells."""
    found = session.scalar(_USUAL_MS, {"staff": staff_id})
    return None if found is None else timedelta(milliseconds=float(found))


def _result(row: Row[Any]) -> Result:
    return Result(
        job_id=row.job_id,
        student_id=row.student_id,
        full_name=row.full_name,
        index_no=row.index_no,
        state=JobState(row.state),
        starts_at=row.not_before,
        called_at=row.called_at,
        received_at=row.received_at,
        finished_at=row.finished_at,
        message=row.message,
        error_code=row.error_code,
        spent_usd=row.spent_usd,
        possible_usd=row.possible_usd,
        unpriced=row.unpriced,
        photo_id=row.photo_id,
        is_newest=row.is_newest,
        is_decided=row.is_decided,
        may_be_seen=row.may_be_seen,
    )


def _line(row: Row[Any]) -> BatchLine:
    return BatchLine(
        id=row.id,
        class_id=row.class_id,
        class_name=row.class_name,
        state=BatchState(row.state),
        pause_reason=row.pause_reason,
        message=row.message,
        created_at=row.created_at,
        finished_at=row.finished_at,
        counts=Counts(row.done, row.not_made, row.unconfirmed, row.cancelled, row.making, row.waiting),
        spent=_spent(row),
        waiting_until=tuple(row.starts_at or ()),
        called_at=tuple(row.called_at or ()),
    )


def _spent(row: Row[Any]) -> Spent:
    return Spent(row.cost_usd, row.possible_usd, row.held_usd, row.unpriced)
