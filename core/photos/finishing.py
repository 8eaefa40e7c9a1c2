"""What follows a paid reply: decode, store, show, settle; any of it may run again at no cost."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.clients.image_fetch import ImageFetch
from core.db.engine import Database
from core.errors import NotAnImage, StorageAway
from core.photos import job_rows, photo_rows
from core.photos.images import Portrait, portrait_from
from core.photos.job import Asked, Attempt, Job, JobState
from core.photos.mark import Mark
from core.photos.reply import ImageReply, parse_reply, usage_in
from core.photos.storage import PhotoStorage, photo_key, thumb_key
from core.usage import ledger
from core.usage.ledger import Settlement, Tokens
from core.usage.prices import Cost, CostSource, settle_image
from core.usage.tokens import image_tokens

STORAGE_RETRY = timedelta(seconds=10)
# Providers keep an image behind its address for about an hour.
ADDRESS_LIVES = timedelta(hours=1)


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
            portrait = portrait_from(self._picture(job, reply), mark)
            self._store(job, portrait)
        except NotAnImage:
            self._fail(job, attempt, asked, body)
            return None
        except StorageAway as error:
            with self.database.as_worker() as session:
                job_rows.wait_for_storage(session, attempt, error)
            return self.now() + STORAGE_RETRY
        self._done(job, attempt, asked, reply, portrait)
        return None

    def _picture(self, job: Job, reply: ImageReply) -> bytes:
        decoded = reply.decoded()
        if decoded is not None:
            return decoded
        try:
            return self.fetch.fetch(reply.url or "")
        except StorageAway as error:
            if self.now() - self._received_at(job) > ADDRESS_LIVES:
                raise NotAnImage from error
            raise

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
