"""The worker's way to pause a batch: going on would fail for every student alike."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.db.tables.photos import PhotoBatch
from core.errors import AppError, DemoSpendLimitReached, DiskFull, KeyRejected, ModelRetired, NotSent, QuotaUsedUp

POINTLESS = (QuotaUsedUp, KeyRejected, ModelRetired, DemoSpendLimitReached, DiskFull, NotSent)
"""NotSent, because it only gets here when all free retries of a portrait were used up."""


def pause(session: Session, batch_id: UUID, error: AppError) -> None:
    """With the error's code and sentence as the reason; a batch that does not run stays as it is."""
    session.execute(
        update(PhotoBatch)
        .where(PhotoBatch.id == batch_id, PhotoBatch.state == "running")
        .values(state="paused", pause_reason=error.code, message=str(error))
        .execution_options(synchronize_session=False)
    )
