"""A class with each student's picture and what is under way, as the roster shows it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session


class Standing(StrEnum):
    """What a card shows. A photo stays on show while a new one is waiting, being made or not made."""

    NONE = "none"
    PHOTO = "photo"
    WAITING = "waiting"
    MAKING = "making"
    NOT_MADE = "not_made"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Card:
    """One student of a class; the job is the latest one, `message` why it was not made.

    `batch_state` is of the class's photos that the job is part of; None for a single portrait.
    """

    student_id: UUID
    full_name: str
    index_no: int | None
    level: str | None
    name_to_check: bool
    portraits_allowed: bool
    standing: Standing
    photo_id: UUID | None
    job_id: UUID | None
    starts_at: datetime | None
    message: str | None
    batch_state: str | None = None

    @property
    def is_active(self) -> bool:
        return self.standing in {Standing.WAITING, Standing.MAKING}

    @property
    def is_paused(self) -> bool:
        return _is_paused(self.standing, self.batch_state)

    @property
    def may_cancel(self) -> bool:
        return _may_cancel(self.standing, self.starts_at, self.batch_state)

    @property
    def needs_a_look(self) -> bool:
        return self.standing in {Standing.NOT_MADE, Standing.UNCONFIRMED} or self.name_to_check


@dataclass(frozen=True)
class PhotoVersion:
    """A portrait that was kept, newest first among its student's."""

    id: UUID
    is_current: bool
    made_at: datetime
    style: str
    model: str
    cost_usd: Decimal | None
    cost_source: str
    by_stand_in: bool


@dataclass(frozen=True)
class LatestJob:
    """How the newest wish for a student's portrait stands."""

    id: UUID
    standing: Standing
    starts_at: datetime | None
    called_at: datetime | None
    message: str | None
    error_code: str | None
    cost_usd: Decimal | None
    batch_state: str | None = None

    @property
    def is_active(self) -> bool:
        return self.standing in {Standing.WAITING, Standing.MAKING}

    @property
    def is_paused(self) -> bool:
        return _is_paused(self.standing, self.batch_state)

    @property
    def may_cancel(self) -> bool:
        return _may_cancel(self.standing, self.starts_at, self.batch_state)


def _is_paused(standing: Standing, batch_state: str | None) -> bool:
    return standing is Standing.WAITING and batch_state == "paused"


def _may_cancel(standing: Standing, starts_at: datetime | None, batch_state: str | None) -> bool:
    """A single portrait whose turn has come starts at once; one of a class may stand in line for long."""
    return standing is Standing.WAITING and (starts_at is not None or batch_state is not None)


_JOB_STANDINGS = {
    "queued": Standing.WAITING,
    "reserved": Standing.MAKING,
    "calling": Standing.MAKING,
    "received": Standing.MAKING,
    "failed": Standing.NOT_MADE,
    "unconfirmed": Standing.UNCONFIRMED,
}

# Whoever sees the student but not the batch's class learns only that there is a batch.
_CARDS = text(
    """
    select s.id, s.full_name, e.index_no, s.level, s.name_to_check, s.portraits_allowed,
        p.id as photo_id, j.id as job_id, j.state, j.not_before, j.message, j.batch_state
    from enrolments as e
    inner join students as s on s.id = e.student_id
    left join photos as p on p.student_id = s.id and p.is_current
    left join lateral (
        select l.id, l.not_before, l.message,
            case when l.decided_at is null then l.state else 'cancelled' end as state,
            case when l.batch_id is not null then coalesce(b.state, 'unseen') end as batch_state
        from photo_jobs as l
        left join photo_batches as b on b.id = l.batch_id
        where l.student_id = s.id
        order by l.created_at desc
        limit 1
    ) as j on true
    where e.class_id = :class_id and e.to_date is null and s.status = 'active'
    order by e.index_no nulls last, s.full_name
    """
)

_VERSIONS = text(
    """
    select p.id, p.is_current, p.made_at, p.style, p.model, p.cost_usd, p.cost_source,
        coalesce(p.options -> 'by_stand_in' = 'true', false) as by_stand_in
    from photos as p
    where p.student_id = :student_id and p.removed_at is null
    order by p.made_at desc
    """
)

_LATEST_JOB = text(
    """
    select j.id, case when j.decided_at is null then j.state else 'cancelled' end as state,
        j.not_before, j.called_at, j.message, j.error_code, j.cost_usd,
        case when j.batch_id is not null then coalesce(b.state, 'unseen') end as batch_state
    from photo_jobs as j
    left join photo_batches as b on b.id = j.batch_id
    where j.student_id = :student_id
    order by j.created_at desc
    limit 1
    """
)

_ACTIVE = text(
    """
    select c.id as class_id, c.name as class_name,
        count(*) filter (where j.state = 'queued') as waiting,
        count(*) filter (where j.state <> 'queued') as making
    from photo_jobs as j
    left join classes as c on c.id = j.class_id
    where j.state in ('queued', 'reserved', 'calling', 'received') and j.batch_id is null
    group by c.id
    order by c.name nulls last
    """
)


def cards(session: Session, class_id: UUID) -> list[Card]:
    """In register order."""
    return [_card(row) for row in session.execute(_CARDS, {"class_id": class_id})]


def versions(session: Session, student_id: UUID) -> list[PhotoVersion]:
    return [PhotoVersion(*row) for row in session.execute(_VERSIONS, {"student_id": student_id})]


def latest_job(session: Session, student_id: UUID) -> LatestJob | None:
    row = session.execute(_LATEST_JOB, {"student_id": student_id}).one_or_none()
    if row is None or row.state not in _JOB_STANDINGS:
        return None
    return LatestJob(
        id=row.id,
        standing=_JOB_STANDINGS[row.state],
        starts_at=row.not_before,
        called_at=row.called_at,
        message=row.message,
        error_code=row.error_code,
        cost_usd=row.cost_usd,
        batch_state=row.batch_state,
    )


@dataclass(frozen=True)
class WorkInProgress:
    """Single portraits under way in one class; None for students whose class this person may not open."""

    class_id: UUID | None
    class_name: str | None
    waiting: int
    making: int


def work_in_progress(session: Session) -> list[WorkInProgress]:
    """Among the students this person may see; empty when nothing is under way."""
    return [WorkInProgress(*row) for row in session.execute(_ACTIVE)]


def _card(row: Row[Any]) -> Card:
    at_rest = Standing.PHOTO if row.photo_id else Standing.NONE
    return Card(
        student_id=row.id,
        full_name=row.full_name,
        index_no=row.index_no,
        level=row.level,
        name_to_check=row.name_to_check,
        portraits_allowed=row.portraits_allowed,
        standing=_JOB_STANDINGS.get(row.state, at_rest),
        photo_id=row.photo_id,
        job_id=row.job_id,
        starts_at=row.not_before,
        message=row.message,
        batch_state=row.batch_state,
    )
