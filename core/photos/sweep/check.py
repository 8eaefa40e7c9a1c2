"""What a check is: a way to look, a sentence about what it means, and where it is safe a repair."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from core.photos.sweep.sources import Sources

_AT_REST = """
    greatest(j.created_at, j.called_at, j.received_at, j.finished_at) < clock_timestamp() - :at_rest
    and not exists (
        select from pg_locks as l
        where l.locktype = 'advisory' and l.objsubid = 1 and l.pid <> pg_backend_pid()
            and l.database = (select d.oid from pg_database as d where d.datname = current_database())
            and (cast(l.classid as bigint) << 32 | cast(l.objid as bigint)) = hashtextextended(cast(j.id as text), 11)
    )
"""
_ONE_OR_ALL = """
    select found.* from ({rows}) as found
    where cast(:only as text) is null or cast(found.id as text) = :only
"""
_TAKE = text("select pg_try_advisory_xact_lock(hashtextextended(cast(:job as text), 11))")


def resting(statement: str) -> TextClause:
    """In it {at_rest} stands for: nobody works on the job `j` (jobs/locks.py), and nothing of it changed lately."""
    return text(statement.replace("{at_rest}", _AT_REST))


@dataclass(frozen=True)
class Found:
    """One thing that does not match; `job_id` is whose lock a repair has to hold."""

    id: str
    detail: str
    job_id: UUID | None = None
    may_repair: bool = True


class Check(Protocol):
    """A repair looks again before it changes anything, and all of it is one transaction."""

    @property
    def name(self) -> str: ...

    @property
    def meaning(self) -> str:
        """What a finding says, as a sentence."""

    @property
    def remedy(self) -> str:
        """What a repair does, or what to do where there is none; a sentence, too."""

    def look(self, sources: Sources) -> list[Found]: ...

    def repair(self, sources: Sources, found: Found) -> bool | None:
        """False where it is left as it is, None where there is nothing to repair any more."""


Mend = Callable[[Session, Sources, Row[Any]], None]


@dataclass(frozen=True, kw_only=True)
class RowCheck:
    """Compares rows with rows.

    `rows` is a query for what does not match, as `resting` takes it, with the columns id, job_id and detail, perhaps
    may_repair, and what `mend` reads.
    """

    name: str
    meaning: str
    remedy: str
    rows: str
    mend: Mend | None = None

    def look(self, sources: Sources) -> list[Found]:
        with sources.database.as_worker() as session:
            return [self._found(row) for row in self._rows(session, sources, only=None)]

    def repair(self, sources: Sources, found: Found) -> bool | None:
        if self.mend is None or not found.may_repair:
            return False
        with holding(sources, found) as session:
            if session is None:
                return None
            rows = self._rows(session, sources, only=found.id)
            for row in rows:
                self.mend(session, sources, row)
        return True if rows else None

    def _rows(self, session: Session, sources: Sources, *, only: str | None) -> list[Row[Any]]:
        statement = resting(_ONE_OR_ALL.replace("{rows}", self.rows))
        return list(session.execute(statement, {"only": only, "at_rest": sources.at_rest}))

    def _found(self, row: Row[Any]) -> Found:
        may_repair = self.mend is not None and getattr(row, "may_repair", True)
        return Found(str(row.id), row.detail, row.job_id, may_repair=may_repair)


@contextmanager
def holding(sources: Sources, found: Found) -> Iterator[Session | None]:
    """One transaction that keeps workers off the finding's job; None where one works on it already."""
    with sources.database.as_worker() as session:
        is_ours = found.job_id is None or session.scalar(_TAKE, {"job": found.job_id})
        yield session if is_ours else None
