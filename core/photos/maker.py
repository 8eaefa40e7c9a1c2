"""Makes one portrait, from wherever its job was left: the worker calls this, and nothing else pays."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.accounts.safety_id import safety_id
from core.clients.openai_images import DEADLINE_S, ImageRequest, OpenAIImages, RawReply
from core.db.engine import Database
from core.errors import (
    AnswerLost,
    AppError,
    BudgetUsedUp,
    DatabaseAway,
    DemoSpendLimitReached,
    DiskFull,
    NotSent,
    PhotoGone,
    PortraitNotAllowed,
    ProviderBusy,
    Refused,
    StorageAway,
)
from core.jobs.places import call_is_over
from core.photos import job_rows
from core.photos.batches import pausing
from core.photos.finishing import Finisher
from core.photos.job import Asked, Attempt, Job, JobState
from core.photos.job_rows import ClaimOutcome, LostJob
from core.photos.prompt import Gender, Style, portrait_prompt
from core.photos.room import ensure_room
from core.photos.spool import Spool
from core.usage import ledger
from core.usage.ledger import FREE, Settlement
from core.usage.model_choice import ImageChoice, Priced
from core.usage.pauses import pause_provider
from core.usage.spend_limit import ensure_within

MOST_FREE_RETRIES = 5
FIRST_RETRY_S = 5.0
BUSY_RETRY_S = 20.0
RECORD_AGAIN_S = (0.1, 0.5, 2.0)

Recorded = TypeVar("Recorded")


@dataclass(frozen=True, kw_only=True)
class PortraitMaker:
    """One worker's hands; `make` may run in many threads, each with a job of its own."""

    database: Database
    images: OpenAIImages
    spool: Spool
    finisher: Finisher
    choice: ImageChoice
    """Of a school that chose no other."""
    data_dir: Path
    key_hash: str
    worker_id: str
    by_stand_in: bool
    spend_limit_usd: Decimal | None = None
    deadline_s: float = DEADLINE_S
    clock: Callable[[], float] = field(default=time.monotonic)

    def make(self, job_id: UUID) -> datetime | None:
        """Brings the job as far as it goes now; returns when to come back, None when it is over.

        The caller holds the job's lock, so a job found half-way was left by a worker that is gone.
        """
        try:
            return self._make(job_id)
        except LostJob:
            return None

    def _make(self, job_id: UUID) -> datetime | None:
        job = self._read(job_id)
        if job is not None and job.attempt is not None:
            self._recover(job, job.attempt)
            job = self._read(job_id)
        if job is not None and job.state is JobState.QUEUED:
            come_back = self._claim_and_call(job)
            if come_back is not None:
                return come_back
            call_is_over()
            job = self._read(job_id)
        if job is not None and job.state is JobState.RECEIVED and job.attempt is not None:
            return self.finisher.finish(job, job.attempt, job.asked or self._asked(job))
        return None

    def held_usd(self, job: Job) -> Decimal | None:
        """What a call for this job may cost at most, by the model that would be asked now; None without a price."""
        return _held_usd(self._asked(job))

    def _read(self, job_id: UUID) -> Job | None:
        with self.database.as_worker() as session:
            return job_rows.job(session, job_id)

    def _recover(self, job: Job, left: Attempt) -> None:
        """What a vanished worker left: before sending it is free, after it only a kept reply tells."""
        if job.state is JobState.RESERVED:
            with self.database.as_worker() as session:
                job_rows.back_to_queue(session, left, was=JobState.RESERVED)
                ledger.release(session, left.usage_id)
        elif job.state in {JobState.CALLING, JobState.UNCONFIRMED}:
            body = self._spooled(left)
            if body is not None:
                self._receive(job, left, body, was=job.state)
            elif job.state is JobState.CALLING:
                self._may_be_charged(job, left, AnswerLost())

    def _spooled(self, attempt: Attempt) -> bytes | None:
        try:
            return self.spool.read(attempt.job_id, attempt.number)
        except PhotoGone:
            return None

    def _claim_and_call(self, job: Job) -> datetime | None:
        asked = self._asked(job)
        try:
            ensure_room(self.data_dir)
            attempt_or_wait = self._claim(job, asked)
        except (DiskFull, PortraitNotAllowed, DemoSpendLimitReached, BudgetUsedUp) as error:
            self._not_claimed(job, error)
            return None
        if isinstance(attempt_or_wait, Attempt):
            return self._call(job, attempt_or_wait, asked)
        return attempt_or_wait

    def _not_claimed(self, job: Job, error: AppError) -> None:
        """A single portrait ends here, free; what would stop a whole batch leaves its students waiting instead."""
        with self.database.as_worker() as session:
            if not pausing.pause_if_pointless(session, job.batch_id, error):
                job_rows.fail_unclaimed(session, job.id, error)

    def _claim(self, job: Job, asked: Asked) -> Attempt | datetime | None:
        choice, held_usd = asked.choice, _held_usd(asked)
        with self.database.as_worker() as session:
            if self.spend_limit_usd is not None:
                # Every visitor of a demo may enter a price, so what a demo may spend is held by the table's alone.
                known_usd = _held_usd(replace(asked, by_hand=None))
                ensure_within(session, limit_usd=self.spend_limit_usd, held_usd=known_usd)
            claim = job_rows.claim(
                session,
                job.id,
                worker_id=self.worker_id,
                key_hash=self.key_hash,
                model=choice.model,
                held_usd=held_usd,
            )
            if claim.attempt is not None and asked.by_stand_in:
                ledger.note_stand_in(session, claim.attempt.usage_id)
        if claim.outcome is ClaimOutcome.NOT_ALLOWED:
            raise PortraitNotAllowed
        if claim.refusal is not None:
            raise claim.refusal
        return claim.attempt or claim.starts_at

    def _call(self, job: Job, attempt: Attempt, asked: Asked) -> datetime | None:
        with self.database.as_worker() as session:
            job_rows.start_calling(session, attempt, asked)
        # Committed: from here on the request may leave, and a crash finds a job that says so.
        started = self.clock()
        try:
            reply = self.images.generate(
                _request(asked, job),
                deadline_s=self.deadline_s,
                on_reply=lambda reply: self._keep(attempt, reply),
            )
        except NotSent as error:
            return self._not_sent(job, attempt, error)
        except Refused as error:
            self._refused(job, attempt, error, duration_ms=self._since(started))
            return None
        except AppError as error:
            self._may_be_charged(job, attempt, error, duration_ms=self._since(started))
            return None
        self._receive(job, attempt, reply.body, was=JobState.CALLING)
        return None

    def _asked(self, job: Job) -> Asked:
        prompt = portrait_prompt(
            gender=Gender(job.gender) if job.gender else None,
            level=job.level,
            style=Style(job.style),
            uniform=job.choices.uniform,
        )
        priced = job.choices.portrait(self.choice)
        return Asked(prompt, priced.choice, job.style, self.by_stand_in, priced.by_hand)

    def _keep(self, attempt: Attempt, reply: RawReply) -> None:
        # A disk that fails now must not lose what was paid: the reply goes on to the database from memory.
        with contextlib.suppress(StorageAway):
            self.spool.write(attempt.job_id, attempt.number, reply.body)

    def _since(self, started: float) -> int:
        return round((self.clock() - started) * 1000)

    def _receive(self, job: Job, attempt: Attempt, body: bytes, *, was: JobState) -> None:
        try:
            with self.database.as_worker() as session:
                job_rows.receive(session, attempt, job.school_id, body, was=was)
        except IntegrityError as error:
            # The teacher asked again meanwhile; the kept reply waits until that job is over.
            raise LostJob from error
        self.spool.remove(attempt.job_id, attempt.number)

    def _not_sent(self, job: Job, attempt: Attempt, error: NotSent) -> datetime | None:
        wait = timedelta(seconds=_retry_wait_s(job.free_retries, error))
        is_last = job.free_retries >= MOST_FREE_RETRIES

        def record(session: Session) -> datetime | None:
            if isinstance(error, ProviderBusy):
                pause_provider(session, self.key_hash, wait=wait, why=error.code)
            else:
                job_rows.give_slot_back(session, attempt)
            if is_last:
                self._settle_refused(session, job, attempt, error)
                return None
            ledger.release(session, attempt.usage_id)
            return job_rows.wait_for_provider(session, attempt, error, wait=wait)

        return self._recorded(record)

    def _refused(self, job: Job, attempt: Attempt, error: AppError, *, duration_ms: int | None = None) -> None:
        self._recorded(lambda session: self._settle_refused(session, job, attempt, error, duration_ms))

    def _settle_refused(
        self, session: Session, job: Job, attempt: Attempt, error: AppError, duration_ms: int | None = None
    ) -> None:
        ledger.settle(session, attempt.usage_id, Settlement(FREE, error=error.code, duration_ms=duration_ms))
        job_rows.end(session, attempt, was=JobState.CALLING, to=JobState.FAILED, cost=FREE, error=error)
        pausing.pause_if_pointless(session, job.batch_id, error)

    def _may_be_charged(self, job: Job, attempt: Attempt, error: AppError, *, duration_ms: int | None = None) -> None:
        def record(session: Session) -> None:
            cost = ledger.possible_cost(session, attempt.usage_id)
            ledger.settle(session, attempt.usage_id, Settlement(cost, error=error.code, duration_ms=duration_ms))
            job_rows.end(session, attempt, was=JobState.CALLING, to=JobState.UNCONFIRMED, cost=cost, error=error)
            pausing.pause_if_pointless(session, job.batch_id, error)

        self._recorded(record)

    def _recorded(self, record: Callable[[Session], Recorded]) -> Recorded:
        """What a call came to is known only here, so a database that stumbles is asked again before it is forgotten."""
        for wait_s in RECORD_AGAIN_S:
            try:
                with self.database.as_worker() as session:
                    return record(session)
            except DatabaseAway:
                time.sleep(wait_s)
        with self.database.as_worker() as session:
            return record(session)


def _held_usd(asked: Asked) -> Decimal | None:
    return Priced(asked.choice, asked.by_hand).estimated_usd(prompt=asked.prompt)


def _request(asked: Asked, job: Job) -> ImageRequest:
    return ImageRequest(
        prompt=asked.prompt,
        model=asked.choice.model,
        size=asked.choice.size,
        quality=asked.choice.quality,
        safety_id=safety_id(job.requested_by or job.school_id),
    )


def _retry_wait_s(retries: int, error: NotSent) -> float:
    if isinstance(error, ProviderBusy):
        return error.retry_after_s if error.retry_after_s is not None else BUSY_RETRY_S
    return FIRST_RETRY_S * float(2**retries)
