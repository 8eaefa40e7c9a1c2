"""What follows a paid reply: decode, store, show, settle; any of it may run again at no cost."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from core.clients.image_fetch import ImageFetch
from core.db.engine import Database
from core.errors import ImageAway, NotAnImage, StorageAway, StorageRefused
from core.photos import job_rows, photo_rows
from core.photos.images import Portrait, portrait_from
from core.photos.job import Asked, Attempt, Job, JobState
from core.photos.mark import Mark
from core.photos.reply import ImageReply, parse_reply, usage_in, with_picture
from core.photos.storage import PhotoStorage, photo_key, thumb_key
from core.usage import ledger
from core.usage.ledger import Settlement, Tokens
from core.usage.prices import Cost, CostSource, settle_image
from core.usage.tokens import image_tokens

FIRST_STORAGE_RETRY, LAST_STORAGE_RETRY = timedelta(seconds=10), timedelta(minutes=1)
# Providers keep an image behind its address for about an hour.
ADDRESS_LIVES = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Finisher:
    """Takes a received reply to done, or to failed when no picture is in it."""

    database: Database
    storage: PhotoStorage
    fetch: ImageFetch
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def finish(self, job: Job, attempt: Attempt, asked: Asked) -> datetime | None:
        """None when the job is over, else when to try the store again."""
        with self.database.as_worker() as session:
            body = job_rows.reply_bytes(session, job.id)
        if body is None:
            raise RuntimeError("a received job without its reply")
        try:
            reply = parse_reply(body)
            mark = Mark(model=asked.choice.model, made_at=self._received_at(job), by_stand_in=asked.by_stand_in)
            portrait = portrait_from(self._picture(job, reply, body), mark)
            self._store(job, portrait)
        except NotAnImage:
            self._fail(job, attempt, asked, body)
            return None
        except StorageAway as error:
            return self._wait_for_storage(job, attempt, error)
        self._done(job, attempt, asked, reply, portrait)
        return None

    def _picture(self, job: Job, reply: ImageReply, body: bytes) -> bytes:
        decoded = reply.decoded()
        if decoded is not None:
            return decoded
        try:
            fetched = self.fetch.fetch(reply.url or "")
        except ImageAway as error:
            if self.now() - self._received_at(job) > ADDRESS_LIVES:
                raise NotAnImage from error
            raise
        # Our store may be away for longer than the provider keeps the image.
        with self.database.as_worker() as session:
            job_rows.keep_picture(session, job.id, with_picture(body, fetched))
        return fetched

    def _wait_for_storage(self, job: Job, attempt: Attempt, error: StorageAway) -> datetime:
        """The reply stays, also where the store refuses it until an operator mends what the log tells."""
        log.warning("not_stored", job=str(job.id), code=error.code, reason=str(error))
        with self.database.as_worker() as session:
            job_rows.wait_for_storage(session, attempt, error)
        waited = self.now() - self._received_at(job)
        # Each try decodes the picture anew, so that a long outage is not asked about as often as a short one.
        usual = min(max(waited / 4, FIRST_STORAGE_RETRY), LAST_STORAGE_RETRY)
        return self.now() + (LAST_STORAGE_RETRY if isinstance(error, StorageRefused) else usual)

    def _received_at(self, job: Job) -> datetime:
        return job.received_at or self.now()

    def _store(self, job: Job, portrait: Portrait) -> None:
        self.storage.put(photo_key(job.school_id, job.student_id, job.id), portrait.webp, "image/webp")
        self.storage.put(thumb_key(job.school_id, job.student_id, job.id), portrait.thumbnail, "image/webp")

    def _done(self, job: Job, attempt: Attempt, asked: Asked, reply: ImageReply, portrait: Portrait) -> None:
        cost = _cost(job, asked, reply.usage)
        public = self.storage.public_url(photo_key(job.school_id, job.student_id, job.id))
        photo = photo_rows.photo(
            job, asked, portrait, cost, address=public or photo_rows.own_address(job.id), made_at=self._received_at(job)
        )
        with self.database.as_worker() as session:
            photo_rows.keep(session, job, photo)
            self._settle(session, job, attempt, Settlement(cost, _tokens(reply.usage), response_data=dict(reply.data)))
            # Last, because the end of a batch's job takes the batch's lock, which others wait for.
            job_rows.end(session, attempt, was=JobState.RECEIVED, to=JobState.DONE, cost=cost)

    def _fail(self, job: Job, attempt: Attempt, asked: Asked, body: bytes) -> None:
        usage = usage_in(body)
        with self.database.as_worker() as session:
            cost = _cost(job, asked, usage) if usage else ledger.possible_cost(session, attempt.usage_id)
            error = NotAnImage(_shown(cost))
            self._settle(session, job, attempt, Settlement(cost, _tokens(usage), error=error.code))
            job_rows.end(session, attempt, was=JobState.RECEIVED, to=JobState.FAILED, cost=cost, error=error)

    def _settle(self, session: Session, job: Job, attempt: Attempt, settlement: Settlement) -> None:
        took = self._received_at(job) - job.called_at if job.called_at else timedelta(0)
        settlement = replace(settlement, duration_ms=max(0, round(took.total_seconds() * 1000)))
        ledger.settle(session, attempt.usage_id, settlement)
        job_rows.forget_reply(session, job.id)


def _cost(job: Job, asked: Asked, usage: dict[str, Any] | None) -> Cost:
    """At the prices of the call: a reply may turn up weeks later."""
    choice = asked.choice
    return settle_image(choice.model, choice.size, choice.quality, usage, at=job.called_at, by_hand=asked.by_hand)


def _tokens(usage: dict[str, Any] | None) -> Tokens:
    counted = image_tokens(usage)
    if counted is None:
        return Tokens()
    prompt, completion = counted.prompt_tokens, counted.completion_tokens
    return Tokens(prompt, completion, prompt + completion)


def _shown(cost: Cost) -> str | None:
    if cost.source is not CostSource.REPORTED or cost.cost_usd is None:
        return None
    return f"${cost.cost_usd:.3f}"
