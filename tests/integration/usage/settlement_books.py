"""Where the ledger, its rollups, views, page and a plain recount contradict each other, the calls or the provider."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.demo.provider.billing import Ledger
from core.usage.report import Filters, Span
from core.usage.reports import UsageReports
from tests.integration.usage.recount import calls_of, sum_of, sums, within
from tests.integration.usage.recounted_views import BOTH, differing

_RESERVED = text("select count(*) from openai_usage where state = 'reserved'")
_PAID_ONCE = text(
    """
    select asked.id, count(u.id) filter (where u.state = 'settled') as settled
    from unnest(cast(:asked as uuid[])) as asked (id)
    left join openai_usage as u on asked.id in (u.job_id, u.message_id)
    group by asked.id
    having count(u.id) filter (where u.state = 'settled') <> 1
    """
)
_KNOWN, _MOST = (
    text(f"select count(*) from openai_usage where state = 'settled' and {condition}")
    for condition in (
        "cost_source in ('reported', 'estimated') and estimated_cost > 0",
        "estimated_cost is distinct from 0",
    )
)


def reserved(owner: Connection) -> int:
    return int(owner.scalar(_RESERVED) or 0)


def wrong_settlements(owner: Connection, asked: Sequence[UUID], bills: Sequence[Ledger]) -> list[str]:
    """Of calls that are over."""
    billed = sum(len(ledger.bills) for ledger in bills)
    known, most = (int(owner.scalar(statement) or 0) for statement in (_KNOWN, _MOST))
    return [
        *[f"{row.id} was settled {row.settled} times" for row in owner.execute(_PAID_ONCE, {"asked": list(asked)})],
        *([f"{reserved(owner)} rows are still reserved"] if reserved(owner) else []),
        *([f"{billed} bills, and the ledger knows {known} and at most {most}"] if not known <= billed <= most else []),
    ]


def wrong_sums(owner: Connection, database: Database, admin: Person, now: datetime | None = None) -> list[str]:
    """To the last digit."""
    calls, today = calls_of(owner, admin), (now or datetime.now(UTC)).astimezone(admin.zone).date()
    filters = Filters(Span(today - timedelta(days=1), today))
    report = UsageReports(database=database).report(admin, filters, now or datetime.now(UTC))
    with database.as_person(admin) as session:
        wrong = [f"{name} differs from a recount" for name in differing(session, calls, list(BOTH))]
    if report.total != sum_of(within(calls, filters)) or report.total != sum_of(calls):
        wrong.append(f"the page says {report.total}, a recount {sum_of(calls)}")
    if {one.key: one.sum for one in report.by_teacher} != sums(calls, "user_id"):
        wrong.append("the page's sums by teacher differ from a recount")
    return wrong
