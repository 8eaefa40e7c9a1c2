"""A class's portraits from the command line: which class is meant, and how its batch stands."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import School, SchoolClass
from core.errors import AmbiguousClass, UnknownClass
from core.photos.batches.batch import ASKED, BatchState
from core.photos.errands import as_uuid

LOOK_AGAIN_S = 0.5

_BATCH = text(
    """
    select b.state, b.pause_reason, b.message, b.finished_at is not null as is_over, sums.cost_usd, sums.unpriced,
        b.pause_reason in ('budget', 'budget_unpriced') and (
            b.paused_at > clock_timestamp() - interval '5 seconds' or exists (
                select from photo_jobs as j
                where j.batch_id = b.id and j.state in ('reserved', 'calling', 'received')
            )
        ) as may_go_on
    from photo_batches as b
    inner join photo_batch_sums as sums on sums.batch_id = b.id
    where b.id = :batch
    """
)
_COUNTS = text(
    "select state, count(*) as many from photo_batch_students where batch_id = :batch group by state order by state"
)


@dataclass(frozen=True)
class NamedClass:
    id: UUID
    name: str


@dataclass(frozen=True)
class Report:
    """One batch as `photos batch --json` prints it; the amount as a string, so that no digit is lost.

    The last three are for whoever waits: `may_go_on` says that a budget paused it just now, and that what is held may
    give it room again. Without a batch nobody was left to ask for.
    """

    batch_id: str | None
    state: BatchState
    counts: dict[str, int]
    cost_usd: str
    at_least: bool
    message: str | None
    pause_reason: str | None = None
    is_over: bool = True
    may_go_on: bool = False

    @property
    def paused_itself(self) -> bool:
        """Going on would fail for everyone alike, so it goes on only when a person does something about it."""
        return self.state is BatchState.PAUSED and self.pause_reason != ASKED and not self.may_go_on

    def as_json(self) -> str:
        shown = asdict(self)
        del shown["pause_reason"], shown["is_over"], shown["may_go_on"]
        return json.dumps(shown)


def find_class(database: Database, reference: str, *, school_id: UUID | None = None) -> NamedClass:
    """By id, sourced id or name, none archived. Raises UnknownClass, or AmbiguousClass with the candidates."""
    wanted = (
        select(SchoolClass.id, SchoolClass.name, School.name.label("school"))
        .join(School, School.id == SchoolClass.school_id)
        .where(SchoolClass.archived_at.is_(None), _is_meant(reference))
    )
    if school_id is not None:
        wanted = wanted.where(SchoolClass.school_id == school_id)
    with database.as_worker() as session:
        found = session.execute(wanted.order_by(School.name, SchoolClass.name, SchoolClass.id)).all()
    if not found:
        raise UnknownClass
    if len(found) > 1:
        raise AmbiguousClass([f"{row.id} ({row.name}, {row.school})" for row in found])
    return NamedClass(found[0].id, found[0].name)


def report(database: Database, batch_id: UUID, *, also: str | None = None) -> Report:
    """How a batch stands; `also` is said where the batch has no sentence of its own."""
    with database.as_worker() as session:
        return _report(session, batch_id, also)


def wait_for(
    database: Database,
    asked: Report,
    *,
    timeout_s: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """The batch's report when it is over or paused itself, or as it stands after `timeout_s`."""
    if asked.batch_id is None:
        return asked
    give_up_at = clock() + timeout_s
    while True:
        now = report(database, UUID(asked.batch_id), also=asked.message)
        if now.is_over or now.paused_itself or clock() >= give_up_at:
            return now
        sleep(LOOK_AGAIN_S)


def _report(session: Session, batch_id: UUID, also: str | None) -> Report:
    row = session.execute(_BATCH, {"batch": batch_id}).one()
    counts = {one.state: one.many for one in session.execute(_COUNTS, {"batch": batch_id})}
    return Report(
        batch_id=str(batch_id),
        state=BatchState(row.state),
        counts=counts,
        cost_usd=_plain(row.cost_usd),
        at_least=row.unpriced > 0,
        message=row.message or also,
        pause_reason=row.pause_reason,
        is_over=row.is_over,
        may_go_on=bool(row.may_go_on),
    )


def _is_meant(reference: str) -> ColumnElement[bool]:
    is_called_so = func.lower(SchoolClass.name) == reference.strip().lower()
    return or_(SchoolClass.id == as_uuid(reference), SchoolClass.sourced_id == reference, is_called_so)


def _plain(amount: Decimal) -> str:
    """Without an exponent, which a sum of zeros would be printed with."""
    return f"{amount:f}"
