"""The queue's tasks, as procrastinate runs them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from procrastinate import App, BaseConnector, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job

from core.jobs.locks import JobLocks
from core.jobs.places import holding_a_place
from core.log import places

MAKE_PORTRAIT = "make_portrait"
SINGLE, CLASSES = "photos", "class_photos"
"""Each has places of its own in a worker, so that a class's portraits never hold up a single one."""
RETRY_AFTER_TROUBLE = timedelta(seconds=5)
LOOK_AGAIN = timedelta(seconds=2)

log = structlog.get_logger(__name__)

MakePortrait = Callable[[UUID], datetime | None]
"""Brings a job as far as it goes; returns when to come back, None when it is over."""


class ComeBackLater(Exception):
    """How a task tells the queue when it wants to run again."""

    def __init__(self, at: datetime) -> None:
        super().__init__("come back later")
        self.at = at


class _Again(BaseRetryStrategy):
    """A portrait's job is never given up: its own row says when it is over, whatever went wrong on the way."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, ComeBackLater):
            return RetryDecision(retry_at=exception.at)
        log.warning(
            "portrait stopped half-way and is tried again",
            error=type(exception).__name__,
            places=places(exception),
            **job.task_kwargs,
        )
        return RetryDecision(retry_at=datetime.now(UTC) + RETRY_AFTER_TROUBLE)


def build_queue(
    connector: BaseConnector,
    *,
    make_portrait: MakePortrait,
    locks: JobLocks,
    on_wait: Callable[[], None],
    give_back: Callable[[str | None], None],
) -> App:
    """`on_wait` is called whenever a job is about to go back until a later time.

    `give_back` is called with the lane's name when a job needs its place no more.
    """
    queue = App(connector=connector)

    @queue.task(name=MAKE_PORTRAIT, queue=SINGLE, retry=_Again(), pass_context=True)
    def run(context: JobContext, job_id: str) -> None:
        with holding_a_place(lambda: give_back(context.worker_name)), locks.hold(UUID(job_id)) as is_ours:
            # Whoever holds the lock may die with it, so that this delivery is the one that is left.
            come_back_at = make_portrait(UUID(job_id)) if is_ours else datetime.now(UTC) + LOOK_AGAIN
        if come_back_at is not None:
            on_wait()
            raise ComeBackLater(come_back_at)

    return queue
