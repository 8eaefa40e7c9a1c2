"""Lets batches go on that a budget paused, as soon as there is room: a new month, a higher budget, less held."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.photos import job_rows
from core.photos.job import Job

# Of each the one that is next and whose time has come, or one that was refused would be again at once; what another
# batch of the same budget takes first, this one is refused again.
_PAUSED = text(
    """
    select distinct on (b.id) b.id as batch_id, j.id as job_id
    from photo_batches as b
    inner join photo_jobs as j on j.batch_id = b.id
    where b.state = 'paused' and b.pause_reason in ('budget', 'budget_unpriced') and j.state = 'queued'
    order by b.id, coalesce(j.not_before > clock_timestamp(), false), j.created_at, j.place
    """
)
_RESUME = text("select private.resume_with_room(:batch, :job, :held)")


def resume_where_room(database: Database, held_for: Callable[[Job], Decimal | None]) -> list[UUID]:
    """The batches that go on; `held_for` says what a portrait's call may cost at most."""
    with database.as_worker() as session:
        paused = session.execute(_PAUSED).all()
    return [row.batch_id for row in paused if _resume(database, row.batch_id, row.job_id, held_for)]


def _resume(database: Database, batch_id: UUID, job_id: UUID, held_for: Callable[[Job], Decimal | None]) -> bool:
    with database.as_worker() as session:
        job = job_rows.job(session, job_id)
        return job is not None and _has_resumed(session, batch_id, job_id, held_for(job))


def _has_resumed(session: Session, batch_id: UUID, job_id: UUID, held_usd: Decimal | None) -> bool:
    return bool(session.scalar(_RESUME, {"batch": batch_id, "job": job_id, "held": held_usd}))
