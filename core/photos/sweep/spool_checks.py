"""Replies in this machine's spool against their jobs; none is removed that is not kept elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import PhotoGone
from core.photos import job_rows
from core.photos.job import Attempt, JobState
from core.photos.spool_care import IS_STORED
from core.photos.sweep.check import Found, holding, resting
from core.photos.sweep.queue_checks import defer
from core.photos.sweep.sources import Sources

# What a kept reply is to its job: null where all is as it should be, or where the job is being worked on.
_VERDICT = resting(
    f"""
    select case
        when j.id is null or j.attempt <> :attempt then 'unclaimed'
        when not ({{at_rest}}) then null
        when {IS_STORED} then 'stored'
        when j.state in ('done', 'failed', 'cancelled') then 'unclaimed'
        when j.state = 'unconfirmed' and not exists (
            select from photo_jobs as other
            where other.student_id = j.student_id and other.state in ('queued', 'reserved', 'calling', 'received')
        ) and not exists (
            select from procrastinate.procrastinate_jobs as q
            where q.args ->> 'job_id' = cast(j.id as text) and q.status in ('todo', 'doing')
        ) then 'untaken'
    end as verdict, j.id, j.attempt, j.worker_id, j.usage_id, j.school_id,
    coalesce('the job is ' || j.state || ' at attempt ' || j.attempt, 'the job is not here') as detail
    from (select 1) as one
    left join photo_jobs as j on j.id = :job
    """  # noqa: S608 - the condition that the worker uses, and nothing from outside
)


def take_in(session: Session, sources: Sources, row: Row[Any]) -> None:
    """As the worker's own care does it, but for any worker, on whichever machine."""
    attempt = Attempt(row.id, row.attempt, row.worker_id, row.usage_id)
    body = sources.spool.read(attempt.job_id, attempt.number)
    job_rows.receive(session, attempt, row.school_id, body, was=JobState.UNCONFIRMED)
    defer(session, row.id)


@dataclass(frozen=True, kw_only=True)
class SpoolCheck:
    """`verdict` is the one of the replies that it finds; a repaired one is stored, and its file can go."""

    name: str
    meaning: str
    remedy: str
    verdict: str
    mend: Callable[[Session, Sources, Row[Any]], None] | None = None
    is_removed: bool = False

    def look(self, sources: Sources) -> list[Found]:
        found = []
        with sources.database.as_worker() as session:
            for job_id, attempt in sources.spool.waiting():
                sources.go_on()
                row = _verdict(session, sources, job_id, attempt)
                if row.verdict == self.verdict:
                    found.append(Found(f"{job_id}.{attempt}", row.detail, job_id, may_repair=self.is_removed))
        return found

    def repair(self, sources: Sources, found: Found) -> bool | None:
        if not found.may_repair or found.job_id is None:
            return False
        attempt = int(found.id.rpartition(".")[2])
        try:
            with holding(sources, found) as session:
                if session is None:
                    return None
                row = _verdict(session, sources, found.job_id, attempt)
                if row.verdict != self.verdict:
                    return None
                if self.mend is not None:
                    self.mend(session, sources, row)
        except (PhotoGone, IntegrityError):
            # A worker took the file, or the student's portrait was asked for again, in this very moment.
            return None
        sources.spool.remove(found.job_id, attempt)
        return True


def _verdict(session: Session, sources: Sources, job_id: UUID, attempt: int) -> Row[Any]:
    return session.execute(_VERDICT, {"job": job_id, "attempt": attempt, "at_rest": sources.at_rest}).one()


STORED_IN_SPOOL = SpoolCheck(
    name="stored_in_spool",
    meaning="A reply is still in the spool though the database has it, or what became of it.",
    remedy="Its file is removed; a running worker does so by itself.",
    verdict="stored",
    is_removed=True,
)

UNTAKEN_IN_SPOOL = SpoolCheck(
    name="untaken_in_spool",
    meaning="A reply turned up for a job that may have been charged, and nobody took it.",
    remedy="It is kept in the database and put into the queue; a running worker on this machine does so by itself.",
    verdict="untaken",
    mend=take_in,
    is_removed=True,
)

UNCLAIMED_IN_SPOOL = SpoolCheck(
    name="unclaimed_in_spool",
    meaning="A reply in the spool belongs to no job of this database, or to none that waits for it.",
    remedy="It was paid and is kept nowhere else, so it is left. Is the spool, or the database, another one?",
    verdict="unclaimed",
)

CHECKS = (STORED_IN_SPOOL, UNTAKEN_IN_SPOOL, UNCLAIMED_IN_SPOOL)
