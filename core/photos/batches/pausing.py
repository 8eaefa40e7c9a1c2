"""The worker's way to pause a batch: going on would fail for every student alike."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.errors import (
    AppError,
    BudgetUsedUp,
    DemoSpendLimitReached,
    DiskFull,
    KeyRejected,
    ModelRetired,
    NoAnswer,
    NotSent,
    QuotaUsedUp,
    RequestRefused,
)

POINTLESS = (BudgetUsedUp, QuotaUsedUp, KeyRejected, ModelRetired, DemoSpendLimitReached, DiskFull, NotSent)
"""NotSent, because it only gets here when all free retries of a portrait were used up."""
POINTLESS_IN_A_ROW = (RequestRefused, NoAnswer)
"""What may be one student's bad luck, but not again and again."""
IN_A_ROW = 3

_PAUSE = text("select private.pause_batch_for(:batch, :reason, :message)")
_LATEST = text(
    """
    select j.error_code from photo_jobs as j
    where j.batch_id = :batch and j.finished_at is not null
    order by j.finished_at desc
    limit :many
    """
)


def pause_if_pointless(session: Session, batch_id: UUID | None, error: AppError) -> bool:
    """With the error's code and sentence as the reason; call it last, since it takes the batch's lock."""
    if batch_id is None or not _is_pointless(session, batch_id, error):
        return False
    message = error.of_many if isinstance(error, BudgetUsedUp) else str(error)
    session.execute(_PAUSE, {"batch": batch_id, "reason": error.code, "message": message})
    return True


def _is_pointless(session: Session, batch_id: UUID, error: AppError) -> bool:
    if isinstance(error, POINTLESS):
        return True
    if not isinstance(error, POINTLESS_IN_A_ROW):
        return False
    latest = session.scalars(_LATEST, {"batch": batch_id, "many": IN_A_ROW}).all()
    return latest == [error.code] * IN_A_ROW
