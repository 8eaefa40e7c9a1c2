"""A portrait job as the worker sees it, and the states that it goes through."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.usage.hand_prices import ImagePrice
from core.usage.model_choice import ImageChoice, SchoolChoices


class JobState(StrEnum):
    """docs/architecture.md lists the edges between them; the database refuses all others."""

    QUEUED = "queued"
    RESERVED = "reserved"
    CALLING = "calling"
    RECEIVED = "received"
    DONE = "done"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    CANCELLED = "cancelled"


ACTIVE_STATES = frozenset({JobState.QUEUED, JobState.RESERVED, JobState.CALLING, JobState.RECEIVED})


@dataclass(frozen=True)
class Attempt:
    """Who works on a job for the how-manieth time; a row that names another one is no longer ours to write."""

    job_id: UUID
    number: int
    worker_id: str
    usage_id: UUID


@dataclass(frozen=True)
class Asked:
    """What was asked for and of whom; kept with the job, since settings may change before the picture is stored."""

    prompt: str
    choice: ImageChoice
    style: str
    by_stand_in: bool
    by_hand: ImagePrice | None = None


@dataclass(frozen=True)
class Job:
    """One row of photo_jobs, with what the prompt needs to know of the student and what the school chose by now."""

    id: UUID
    school_id: UUID
    student_id: UUID
    requested_by: UUID | None
    batch_id: UUID | None
    state: JobState
    style: str
    asked: Asked | None
    attempt: Attempt | None
    free_retries: int
    called_at: datetime | None
    received_at: datetime | None
    gender: str | None
    level: str | None
    choices: SchoolChoices = field(default_factory=SchoolChoices)
