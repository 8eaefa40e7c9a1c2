"""A class's batch as people see it: who is in it, how each one stands, what it cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.photos.job import ACTIVE_STATES, JobState

ASKED = "asked"
"""The pause reason of a batch that a person paused; all others are codes of errors."""
BEING_MADE = frozenset({JobState.RESERVED, JobState.CALLING, JobState.RECEIVED})


class BatchState(StrEnum):
    """A finished or cancelled batch runs again when someone retries what was not made."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One student of a batch, by the newest of the batch's jobs for them.

    `starts_at` is None for a waiting one whose turn has come, `photo_id` where none was made or it was removed;
    `is_newest` says that no later portrait of the student was asked for anywhere, so that this one is still theirs to
    decide about; `may_be_seen` that the reader still sees the student, who may have left the class. What they cost is
    of all the batch's tries; `spent_usd` holds `possible_usd`, and neither what is not priced.
    """

    job_id: UUID
    student_id: UUID
    full_name: str
    index_no: int | None
    state: JobState
    starts_at: datetime | None
    called_at: datetime | None
    received_at: datetime | None
    finished_at: datetime | None
    message: str | None
    error_code: str | None
    spent_usd: Decimal
    possible_usd: Decimal
    unpriced: int
    photo_id: UUID | None
    is_newest: bool
    is_decided: bool
    may_be_seen: bool

    @property
    def took(self) -> timedelta | None:
        """From the request to the provider's answer; None where there was none."""
        if self.called_at is None or self.received_at is None:
            return None
        return self.received_at - self.called_at

    @property
    def may_retry(self) -> bool:
        return self.may_be_seen and self.is_newest and self.state is JobState.FAILED

    @property
    def needs_decision(self) -> bool:
        is_open = self.is_newest and not self.is_decided
        return self.may_be_seen and is_open and self.state is JobState.UNCONFIRMED


@dataclass(frozen=True)
class Counts:
    """Students by how they stand; `finished` are all that need no more work."""

    done: int = 0
    not_made: int = 0
    unconfirmed: int = 0
    cancelled: int = 0
    making: int = 0
    waiting: int = 0

    @property
    def finished(self) -> int:
        return self.done + self.not_made + self.unconfirmed + self.cancelled

    @property
    def total(self) -> int:
        return self.finished + self.making + self.waiting


@dataclass(frozen=True)
class Spent:
    """Of all a batch's calls, tried again or not; `cost_usd` holds `possible_usd`, and neither what is not priced."""

    cost_usd: Decimal
    possible_usd: Decimal
    held_usd: Decimal
    unpriced: int


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A batch and its students in register order; `requested_by` is a name, None for the operator."""

    id: UUID
    class_id: UUID | None
    class_name: str | None
    state: BatchState
    pause_reason: str | None
    message: str | None
    requested_by: str | None
    style: str
    model: str
    quality: str
    created_at: datetime
    started_at: datetime
    finished_at: datetime | None
    paused_at: datetime | None
    results: tuple[Result, ...]
    spent: Spent

    @property
    def was_paused(self) -> bool:
        """In its latest go."""
        return self.paused_at is not None and self.paused_at >= self.started_at

    @property
    def counts(self) -> Counts:
        return counted(result.state for result in self.results)

    @property
    def is_active(self) -> bool:
        """Whether there may be news: a cancelled one still finishes what is being made."""
        return self.finished_at is None

    @property
    def is_at_rest(self) -> bool:
        """Paused, and nothing is being made any more: only a person brings news, or room in a budget."""
        return self.state is BatchState.PAUSED and not self.counts.making

    @property
    def to_retry(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.may_retry)

    @property
    def to_decide(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.needs_decision)


@dataclass(frozen=True, kw_only=True)
class BatchLine:
    """A batch in a list: no students, only counts."""

    id: UUID
    class_id: UUID | None
    class_name: str | None
    state: BatchState
    pause_reason: str | None
    message: str | None
    created_at: datetime
    finished_at: datetime | None
    counts: Counts
    spent: Spent
    waiting_until: tuple[datetime | None, ...]
    called_at: tuple[datetime | None, ...]

    @property
    def is_at_rest(self) -> bool:
        """As a Batch is."""
        return self.state is BatchState.PAUSED and not self.counts.making


def counted(states: Iterable[JobState]) -> Counts:
    found = list(states)
    return Counts(
        done=found.count(JobState.DONE),
        not_made=found.count(JobState.FAILED),
        unconfirmed=found.count(JobState.UNCONFIRMED),
        cancelled=found.count(JobState.CANCELLED),
        making=sum(state in BEING_MADE for state in found),
        waiting=sum(state in ACTIVE_STATES - BEING_MADE for state in found),
    )
