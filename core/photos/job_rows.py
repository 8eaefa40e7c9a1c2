"""The worker's reads and writes of photo_jobs; every write names the attempt that it belongs to."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import cast, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from core.db.tables.people import Student
from core.db.tables.photos import PhotoJob, PhotoReply
from core.errors import AppError, BudgetUsedUp, budget_error
from core.photos.job import Asked, Attempt, Job, JobState
from core.usage.hand_prices import image_price_of
from core.usage.model_choice import ImageChoice, school_choices
from core.usage.prices import Cost


class LostJob(Exception):
    """The row belongs to another attempt by now; whoever was given up on stops writing."""


class ClaimOutcome(StrEnum):
    CLAIMED = "claimed"
    WAIT = "wait"
    NOT_ALLOWED = "not_allowed"
    BUDGET = "budget"
    OVER = "over"


@dataclass(frozen=True)
class Claim:
    """What came of asking for a job: an attempt to make, a time to come back, a refusal, or nothing left to do."""

    outcome: ClaimOutcome
    attempt: Attempt | None = None
    starts_at: datetime | None = None
    refusal: BudgetUsedUp | None = None


_GIVE_SLOT_BACK = text("select private.give_slot_back(:job)")
_CLAIM = text("select * from private.claim_portrait(:job, :worker, :key_hash, :model, :held)")


def job(session: Session, job_id: UUID) -> Job | None:
    row = session.execute(
        select(PhotoJob, Student.gender, Student.level)
        .join(Student, Student.id == PhotoJob.student_id)
        .where(PhotoJob.id == job_id)
    ).one_or_none()
    if row is None:
        return None
    found, gender, level = row
    return Job(
        id=found.id,
        school_id=found.school_id,
        student_id=found.student_id,
        requested_by=found.requested_by,
        batch_id=found.batch_id,
        state=JobState(found.state),
        style=found.options.get("style", "photo"),
        asked=_asked(found.options),
        attempt=_attempt(found),
        free_retries=found.free_retries,
        called_at=found.called_at,
        received_at=found.received_at,
        gender=gender,
        level=level,
        choices=school_choices(session, found.school_id),
    )


def _asked(options: dict[str, Any]) -> Asked | None:
    kept = options.get("asked")
    if kept is None:
        return None
    choice = ImageChoice(model=kept["model"], size=kept["size"], quality=kept["quality"])
    return Asked(
        prompt=kept["prompt"],
        choice=choice,
        style=options.get("style", "photo"),
        by_stand_in=kept.get("by_stand_in", False),
        by_hand=image_price_of(kept.get("by_hand")),
    )


def _attempt(found: PhotoJob) -> Attempt | None:
    if found.usage_id is None or found.worker_id is None:
        return None
    return Attempt(found.id, found.attempt, found.worker_id, found.usage_id)


def claim(
    session: Session, job_id: UUID, *, worker_id: str, key_hash: str, model: str, held_usd: Decimal | None
) -> Claim:
    """Takes the slot and holds the cost, or says when to come back."""
    row = session.execute(
        _CLAIM, {"job": job_id, "worker": worker_id, "key_hash": key_hash, "model": model, "held": held_usd}
    ).one()
    if row.outcome == ClaimOutcome.CLAIMED:
        return Claim(ClaimOutcome.CLAIMED, attempt=Attempt(job_id, row.attempt, worker_id, row.usage_id))
    if row.outcome == ClaimOutcome.WAIT:
        return Claim(ClaimOutcome.WAIT, starts_at=row.starts_at)
    if row.outcome == ClaimOutcome.BUDGET:
        return Claim(ClaimOutcome.BUDGET, refusal=budget_error(row.refusal))
    is_forbidden = row.outcome == ClaimOutcome.NOT_ALLOWED
    return Claim(ClaimOutcome.NOT_ALLOWED if is_forbidden else ClaimOutcome.OVER)


def start_calling(session: Session, attempt: Attempt, asked: Asked) -> None:
    """What is about to be asked stands in the row before it leaves."""
    by_hand = {"by_hand": asked.by_hand.as_json()} if asked.by_hand else {}
    kept = {"asked": {"prompt": asked.prompt, **asdict(asked.choice), "by_stand_in": asked.by_stand_in, **by_hand}}
    _move(
        session,
        attempt,
        JobState.RESERVED,
        JobState.CALLING,
        called_at=func.clock_timestamp(),
        options=PhotoJob.options.op("||")(cast(kept, JSONB)),
    )


def back_to_queue(session: Session, attempt: Attempt, *, was: JobState) -> None:
    """Nothing was sent; whoever claims the job next starts afresh."""
    _move(session, attempt, was, JobState.QUEUED, worker_id=None, usage_id=None)


def wait_for_provider(session: Session, attempt: Attempt, error: AppError, *, wait: timedelta) -> datetime:
    """Back to the queue after a call that was surely not billed; returns when to come back."""
    _move(
        session,
        attempt,
        JobState.CALLING,
        JobState.QUEUED,
        worker_id=None,
        usage_id=None,
        not_before=func.clock_timestamp() + wait,
        wait_reason="provider",
        free_retries=PhotoJob.free_retries + 1,
        message=str(error),
        error_code=error.code,
    )
    starts_at = session.scalar(select(PhotoJob.not_before).where(PhotoJob.id == attempt.job_id))
    if starts_at is None:
        raise LostJob
    return starts_at


def give_slot_back(session: Session, attempt: Attempt) -> None:
    """Nothing reached the provider, so the attempt counts for no limit."""
    session.execute(_GIVE_SLOT_BACK, {"job": attempt.job_id})


def fail_unclaimed(session: Session, job_id: UUID, error: AppError) -> None:
    """Ends a queued job before anything was reserved or paid."""
    session.execute(
        update(PhotoJob)
        .where(PhotoJob.id == job_id, PhotoJob.state == JobState.QUEUED)
        .values(
            state=JobState.FAILED,
            error_code=error.code,
            message=str(error),
            cost_usd=0,
            cost_source="reported",
            not_before=None,
            wait_reason=None,
            finished_at=func.clock_timestamp(),
        )
    )


def end(
    session: Session,
    attempt: Attempt,
    *,
    was: JobState,
    to: JobState,
    cost: Cost,
    error: AppError | None = None,
) -> None:
    """The last word on an attempt: done, failed or unconfirmed, with what it cost."""
    _move(
        session,
        attempt,
        was,
        to,
        cost_usd=cost.cost_usd,
        cost_source=cost.source,
        error_code=error.code if error else None,
        message=str(error) if error else None,
        wait_reason=None,
        not_before=None,
        finished_at=func.clock_timestamp(),
    )


def receive(session: Session, attempt: Attempt, school_id: UUID, body: bytes, *, was: JobState) -> None:
    """The reply's bytes and the state that says so, in one transaction."""
    _move(
        session,
        attempt,
        was,
        JobState.RECEIVED,
        received_at=func.clock_timestamp(),
        finished_at=None,
        error_code=None,
        message=None,
    )
    session.add(PhotoReply(job_id=attempt.job_id, school_id=school_id, bytes=body))
    session.flush()


def wait_for_storage(session: Session, attempt: Attempt, error: AppError) -> None:
    _move(
        session,
        attempt,
        JobState.RECEIVED,
        JobState.RECEIVED,
        wait_reason="storage",
        error_code=error.code,
        message=str(error),
    )


def reply_bytes(session: Session, job_id: UUID) -> bytes | None:
    return session.scalar(select(PhotoReply.bytes).where(PhotoReply.job_id == job_id))


def keep_picture(session: Session, job_id: UUID, body: bytes) -> None:
    """In place of a reply that named only its address."""
    session.execute(update(PhotoReply).where(PhotoReply.job_id == job_id).values(bytes=body))


def forget_reply(session: Session, job_id: UUID) -> None:
    """The picture is stored, or there is none in it."""
    session.execute(delete(PhotoReply).where(PhotoReply.job_id == job_id))


def _move(session: Session, attempt: Attempt, was: JobState, to: JobState, **values: Any) -> None:
    """Raises LostJob unless the row is still this attempt's and in the state it was left in."""
    moved = session.execute(
        update(PhotoJob)
        .where(
            PhotoJob.id == attempt.job_id,
            PhotoJob.worker_id == attempt.worker_id,
            PhotoJob.attempt == attempt.number,
            PhotoJob.state == was,
        )
        .values(state=to, **values)
        .execution_options(synchronize_session=False)
        .returning(PhotoJob.id)
    ).one_or_none()
    if moved is None:
        raise LostJob
