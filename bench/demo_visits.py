"""A public demo's visits: how long a school takes to be copied, also beside forty-nine others, and to be dropped."""

import statistics
import tempfile
import threading
import time
from pathlib import Path

import psutil
from sqlalchemy import text

from bench._findings import Findings
from bench._studios import durable_server
from core.db.engine import Database
from core.demo.seeding import seed_demo_school
from core.demo.visits import DemoVisits
from core.demo.visits_end import VisitsEnd
from core.photos.storage import LocalPhotoStorage
from tests.postgres import database_at

COPIES, AT_MOST_MS = 50, 300.0
AT_ONCE = 10


def main() -> int:
    findings = Findings("demo_visits")
    with durable_server() as server, server.migrated_database() as addresses, database_at(addresses) as database:
        seed_demo_school(database)
        took = [begun_ms(database) for _ in range(COPIES)]
        for what, values in (("a copy", [one[0] for one in took]), ("a copy's CPU", [one[1] for one in took])):
            findings.add(f"{what}, the middle one of 50", statistics.median(values), "ms", at_most=AT_MOST_MS)
            findings.add(f"{what}, the highest of 50", max(values), "ms")
        findings.add("rows in each", rows_of_one(database))
        findings.add("ten visitors at once, the last of them", crowd_ms(database), "ms")
        findings.add("visits that are left after fifty-odd", left(database), at_most=COPIES)
        findings.add("to drop one", dropped_ms(database), "ms")
        findings.add("to open a page as a visitor, what it adds", asked_ms(database), "ms")
    return findings.close()


def begun_ms(database: Database) -> tuple[float, float]:
    """By the clock, and on Postgres's processor: that one tells more on a busy machine."""
    let_in(database)
    with database.as_nobody() as session:
        backend = psutil.Process(session.scalar(text("select pg_backend_pid()")))
    before, begun = sum(backend.cpu_times()[:2]), time.perf_counter()
    DemoVisits(database=database).begin()
    return (time.perf_counter() - begun) * 1000, (sum(backend.cpu_times()[:2]) - before) * 1000


def crowd_ms(database: Database) -> float:
    """They take turns."""
    let_in(database)
    threads = [threading.Thread(target=DemoVisits(database=database).begin) for _ in range(AT_ONCE)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - begun) * 1000


def dropped_ms(database: Database) -> float:
    """Each of those that had to go, by the look of the worker's companion."""
    with database.as_worker() as session:
        ended = session.scalar(text("select count(*) from demo_visits where ended_at is not null")) or 0
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        VisitsEnd(database=database, storage=LocalPhotoStorage(Path(folder))).look()
    return (time.perf_counter() - begun) * 1000 / max(1, ended)


def asked_ms(database: Database) -> float:
    let_in(database)
    visits = DemoVisits(database=database)
    visit_id = visits.begin()
    begun = time.perf_counter()
    for _ in range(COPIES):
        visits.visitor(visit_id, "mei")
    return (time.perf_counter() - begun) * 1000 / COPIES


def let_in(database: Database) -> None:
    """As if those before had come earlier."""
    with database.as_worker() as session:
        session.execute(text("update demo_visits set created_at = created_at - interval '2 minutes'"))


def left(database: Database) -> int:
    with database.as_worker() as session:
        return session.scalar(text("select count(*) from demo_visits where ended_at is null")) or 0


def rows_of_one(database: Database) -> int:
    """Of the tables that hold most."""
    one = "select min(cast(school_id as text)) from demo_visits"
    counted = " + ".join(
        f"(select count(*) from {name} where cast(school_id as text) = ({one}))"  # noqa: S608 -- names that stand here
        for name in ("attendance", "results", "openai_usage", "observations", "usage_daily", "usage_hourly")
    )
    with database.as_worker() as session:
        return session.scalar(text(f"select {counted}")) or 0


if __name__ == "__main__":
    raise SystemExit(main())
