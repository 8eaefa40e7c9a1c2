"""Decisions of the limiter with 16 threads on one person, and whether any window held too many."""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg2

from core.db.embedded import EmbeddedPostgres
from core.db.preparing import DATABASE, OWNER, prepare_embedded

THREADS = 16
RUNS = 20
LIMIT = 50
WINDOW_S = 0.2
RUN_S = 0.5
LEAST_PER_S = 2000


@dataclass(frozen=True)
class Someone:
    """A person of a school who asks for slots."""

    school_id: UUID
    staff_id: UUID


@dataclass(frozen=True)
class Outcome:
    """What one run decided: how often, in how long, and when slots were granted."""

    decisions: int
    duration_s: float
    granted_at: Sequence[datetime]

    def most_in(self, window_s: float) -> int:
        """The most slots granted in any window, by the database's clock, to the microsecond."""
        window, at = timedelta(seconds=window_s), self.granted_at
        return max((sum(start <= other < start + window for other in at) for start in at), default=0)


def someone_with(owner_address: str, *, at_most: int, window_s: float) -> Someone:
    """A new school with one person and this limit for images."""
    someone = Someone(uuid4(), uuid4())
    school, staff = str(someone.school_id), str(someone.staff_id)
    with closing(psycopg2.connect(owner_address)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("insert into schools (id, name) values (%s, 'Bench')", [school])
        cursor.execute("insert into staff (id, school_id, full_name) values (%s, %s, 'Someone')", [staff, school])
        cursor.execute(
            "update limits set at_most = %s, per_seconds = %s where school_id = %s and type = 'image'",
            [at_most, window_s, school],
        )
    return someone


def hammer(owner_address: str, someone: Someone, *, threads: int, duration_s: float) -> Outcome:
    """Every thread asks again as soon as it is answered, until the time is up."""
    ready = threading.Barrier(threads + 1)
    counts: list[int] = []
    asking = [
        threading.Thread(target=lambda: counts.append(_ask(owner_address, someone, ready, duration_s)))
        for _ in range(threads)
    ]
    for thread in asking:
        thread.start()
    ready.wait()
    started = time.monotonic()
    for thread in asking:
        thread.join()
    return Outcome(sum(counts), time.monotonic() - started, _granted_at(owner_address, someone))


def _ask(owner_address: str, someone: Someone, ready: threading.Barrier, duration_s: float) -> int:
    call = "select private.take_slot_for(%s, %s, 'image', 'bench')"
    values = [str(someone.school_id), str(someone.staff_id)]
    count = 0
    with closing(psycopg2.connect(owner_address)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        ready.wait()
        until = time.monotonic() + duration_s
        while time.monotonic() < until:
            cursor.execute(call, values)
            count += 1
    return count


def _granted_at(owner_address: str, someone: Someone) -> list[datetime]:
    with closing(psycopg2.connect(owner_address)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select created_at from rate_limits where user_id = %s order by created_at", [str(someone.staff_id)]
        )
        return [moment for (moment,) in cursor.fetchall()]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sr-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        prepare_embedded(server)
        owner = server.address(OWNER, DATABASE)
        outcomes = [
            hammer(owner, someone_with(owner, at_most=LIMIT, window_s=WINDOW_S), threads=THREADS, duration_s=RUN_S)
            for _ in range(RUNS)
        ]
        server.stop()
    most = max(outcome.most_in(WINDOW_S) for outcome in outcomes)
    per_second = round(sum(o.decisions for o in outcomes) / sum(o.duration_s for o in outcomes))
    print(
        json.dumps(
            {
                "bench": "limiter",
                "threads": THREADS,
                "runs": RUNS,
                "limit": LIMIT,
                "most_in_any_window": most,
                "decisions_per_s": per_second,
            }
        )
    )
    return 0 if most <= LIMIT and per_second >= LEAST_PER_S else 1


if __name__ == "__main__":
    sys.exit(main())
