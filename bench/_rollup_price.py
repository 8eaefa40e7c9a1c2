"""What keeping the rollups adds to writing the ledger."""

import time
from collections.abc import Callable

from sqlalchemy import Connection, text

from bench._findings import Findings
from bench._ledgers import BigSchool, write_calls

BULK_ROWS, BULK_RUNS = 100_000, 3
SINGLE_ROWS, SINGLE_RUNS = 300, 5

_ANOTHER_WEEK = text(
    """
    update calls
    set id = gen_random_uuid(), created_at = created_at + interval '14 days',
        job_id = case when job_id is not null then gen_random_uuid() end,
        message_id = case when message_id is not null then gen_random_uuid() end
    """
)
_ALL = text("insert into openai_usage select * from calls")
_ONE = "insert into openai_usage select * from calls where id = %s"


def measure_single(findings: Findings, owner: Connection, school: BigSchool) -> None:
    """Each row a statement and a transaction of its own, by the driver alone and without waiting for a disk."""
    _draw(owner, school, SINGLE_ROWS)
    owner.execute(text("create index on calls (id)"))

    def insert(ids: list[str]) -> None:
        cursor = owner.connection.cursor()
        for one in ids:
            cursor.execute(_ONE, [one])

    plain, rolled_up = _both(owner, insert, SINGLE_RUNS)
    findings.add("a single insert, plain", 1e6 * plain / SINGLE_ROWS, "µs")
    findings.add("a single insert with the rollups", 1e6 * rolled_up / SINGLE_ROWS, "µs")
    findings.add("a single insert with the rollups, times the plain one", rolled_up / plain, at_most=2.5)
    owner.execute(text("drop table calls"))


def measure_bulk(findings: Findings, owner: Connection, school: BigSchool) -> None:
    """Two weeks of a big school in one statement."""
    _draw(owner, school, BULK_ROWS)
    plain, rolled_up = _both(owner, lambda _: owner.execute(_ALL), BULK_RUNS)
    findings.add("bulk insert, plain", BULK_ROWS / plain, "rows/s")
    findings.add("bulk insert with the rollups", BULK_ROWS / rolled_up, "rows/s")
    findings.add("bulk insert, of the plain rate", 100 * plain / rolled_up, "%", at_least=75)
    owner.execute(text("drop table calls"))


def _draw(owner: Connection, school: BigSchool, rows: int) -> None:
    """Rows as they would be, in a table beside the ledger."""
    owner.execute(text("create temporary table calls (like openai_usage)"))
    before = owner.scalar(text("select count(*) from openai_usage"))
    write_calls(owner, school, 1, rows, of_rows=5_000_000)
    owner.execute(text("insert into calls select * from openai_usage offset :before"), {"before": before})


def _both(owner: Connection, insert: Callable[[list[str]], object], runs: int) -> tuple[float, float]:
    """Seconds without and with the rollups, in turns; the quickest of each, since whatever else runs only adds."""
    taken: dict[bool, list[float]] = {False: [], True: []}
    for is_on in (False, True) * (runs + 1):
        _set_trigger(owner, is_on=is_on)
        owner.execute(_ANOTHER_WEEK)
        ids = [str(one) for one in owner.scalars(text("select id from calls order by created_at"))]
        begun = time.perf_counter()
        insert(ids)
        taken[is_on].append(time.perf_counter() - begun)
    return min(taken[False]), min(taken[True])


def _set_trigger(owner: Connection, *, is_on: bool) -> None:
    verb = "enable" if is_on else "disable"
    owner.execute(text(f"alter table openai_usage {verb} trigger roll_up_inserted_usage"))
