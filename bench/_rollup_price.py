"""What keeping the rollups adds to writing the ledger."""

from collections.abc import Callable

import psutil
from sqlalchemy import Connection, text

from bench._findings import Findings
from bench._ledgers import BigSchool, write_calls

BULK_ROWS, BULK_RUNS = 50_000, 4
SINGLE_RUNS = 7

_ALL = text("insert into openai_usage select * from calls")
_ONE = "insert into openai_usage select * from calls where id = %s"
_NEW_IDS = text(
    """
    update calls
    set id = gen_random_uuid(), job_id = case when job_id is not null then gen_random_uuid() end,
        message_id = case when message_id is not null then gen_random_uuid() end
    """
)
_CLOSE = text(
    "select private.close_days(school_id, 'Asia/Singapore', closed_until, now() + interval '99 years') from usage_books"
)
_LATER = text("update calls set created_at = created_at + make_interval(days => :days)")
# As they come in life: one day of some teachers, each with several calls of a kind.
_KEEP_ONE_DAY = text(
    """
    delete from calls
    where extract(isodow from created_at at time zone 'Asia/Singapore') <> 2
        or user_id is null
        or user_id not in (select id from staff where role = 'teacher' order by full_name limit 100)
    """
)
_TO_COME = 5 * 365
"""From the first week of the drawn ledger to days that are not over yet, whenever this runs."""


def measure_price(findings: Findings, owner: Connection, school: BigSchool) -> None:
    """Both as the processor's time that the server took, since a busy machine's clock tells of everything on it.

    Without the trigger the ledger keeps its indexes, foreign keys and checks; each insert is a transaction of its own.
    """
    server = psutil.Process(owner.scalar(text("select pg_backend_pid()")))

    def one_by_one() -> None:
        cursor = owner.connection.cursor()
        for one in owner.scalars(text("select id from calls order by created_at")).all():
            cursor.execute(_ONE, [str(one)])

    def all_at_once() -> None:
        owner.execute(_ALL)

    _draw(owner, school, BULK_ROWS)
    owner.execute(_KEEP_ONE_DAY)
    singles = owner.scalar(text("select count(*) from calls"))
    plain, rolled_up = _both(owner, server, one_by_one, SINGLE_RUNS)
    findings.add("a single insert, plain", 1e6 * plain / singles, "µs")
    findings.add("a single insert with the rollups", 1e6 * rolled_up / singles, "µs")
    findings.add("a single insert with the rollups, times the plain one", rolled_up / plain, at_most=2.5)

    _draw(owner, school, BULK_ROWS)
    plain, rolled_up = _both(owner, server, all_at_once, BULK_RUNS)
    findings.add("bulk insert, plain", BULK_ROWS / plain, "rows/s")
    findings.add("bulk insert with the rollups", BULK_ROWS / rolled_up, "rows/s")
    findings.add("bulk insert, of the plain rate", 100 * plain / rolled_up, "%", at_least=75)
    _measure_closing(findings, owner, server, plain, rolled_up)


def _measure_closing(
    findings: Findings, owner: Connection, server: psutil.Process, plain: float, rolled_up: float
) -> None:
    """What the first settlement of a day does for those before, here for all that was just written."""
    owner.execute(text("update usage_books set closed_until = (select min(created_at) from calls)"))
    calls = owner.scalar(
        text("select count(*) from openai_usage, usage_books where openai_usage.created_at >= closed_until")
    )
    begun = _spent(server)
    owner.execute(_CLOSE)
    each = (_spent(server) - begun) / calls
    findings.add("closing a day of 10,000 calls", 1e3 * 1e4 * each, "ms")
    findings.add("bulk insert and closing, of the plain rate", 100 * plain / (rolled_up + BULK_ROWS * each), "%")


def _draw(owner: Connection, school: BigSchool, rows: int) -> None:
    """Rows as they would be, in a table beside the ledger."""
    owner.execute(text("drop table if exists calls"))
    owner.execute(text("create temporary table calls (like openai_usage including defaults)"))
    write_calls(owner, school, 1, rows, of_rows=5_000_000, table="calls")
    owner.execute(text("create index on calls (id)"))
    owner.execute(_LATER, {"days": _TO_COME})


def _both(owner: Connection, server: psutil.Process, insert: Callable[[], object], runs: int) -> tuple[float, float]:
    """Seconds without and with the rollups, in turns, each for another week; the least of each."""
    taken: dict[bool, list[float]] = {False: [], True: []}
    for is_on in (False, True) * (runs + 1):
        owner.execute(_NEW_IDS)
        owner.execute(_LATER, {"days": 14})
        owner.execute(text("analyze calls"))
        _set_trigger(owner, is_on=is_on)
        begun = _spent(server)
        insert()
        taken[is_on].append(_spent(server) - begun)
    return min(taken[False]), min(taken[True])


def _set_trigger(owner: Connection, *, is_on: bool) -> None:
    verb = "enable" if is_on else "disable"
    owner.execute(text(f"alter table openai_usage {verb} trigger roll_up_inserted_usage"))


def _spent(server: psutil.Process) -> float:
    times = server.cpu_times()
    return float(times.user + times.system)
