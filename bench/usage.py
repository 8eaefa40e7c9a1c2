"""What the Usage page costs: to keep its rollups, and to read them when the ledger has five million rows."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, Integer, cast, create_engine, func, select, text
from sqlalchemy.orm import Session

from bench._findings import Findings
from bench._ledgers import LAST_DAY, BigSchool, fill, found_big_school
from bench._recounts import ROLLUPS, recount
from bench._rollup_price import measure_price
from bench._statements import StatementClock
from bench._studios import server_of_this_run
from core.accounts.person import Person
from core.db.addresses import sqlalchemy_url
from core.db.engine import Database, build_engine
from core.usage.reading.activity import active_teachers
from core.usage.reading.bills import booked, uncertain
from core.usage.reading.books import with_books
from core.usage.reading.choices import choices_of
from core.usage.reading.days import Days, days_before, days_of
from core.usage.reading.failures import failures, last_failures
from core.usage.reading.forecast import forecast
from core.usage.reading.hours import hours_of
from core.usage.reading.now import limits_now, portraits, retiring
from core.usage.reading.scope import Scope, scope_of
from core.usage.reading.slices import by_teacher, keyed
from core.usage.reading.sources import ledger, sums
from core.usage.report import Filters, Span
from core.usage.reports import UsageReports
from tests.postgres import Addresses, Server

ROWS = 5_000_000
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ADMIN_MS, TEACHER_MS, TIMES_FASTER = 150, 10, 20

Reading = Callable[[Session, Scope], object]
OWN: dict[str, Reading] = {
    "by day": days_of,
    "the days before": days_before,
    "by class, feature and model": keyed,
    "by hour": hours_of,
    "errors": failures,
    "last errors": last_failures,
    "forecast": lambda session, scope: forecast(session, scope, LAST_DAY),
    "uncertain costs": uncertain,
    "limits now": lambda session, scope: limits_now(session, scope, NOW),
    "portraits kept": lambda session, scope: portraits(session, scope, Days(scope.span, ())),
}
SCHOOL: dict[str, Reading] = {
    **OWN,
    "by teacher": by_teacher,
    "active teachers": active_teachers,
    "booked": booked,
    "models that end": lambda session, scope: retiring(session, scope, LAST_DAY),
}
SPANS = {"30 days": 30, "90 days": 90, "a year": 365, "two years": 728}
PLAIN = {
    "by day": ("day", "type"),
    "by class, feature and model": ("class_id", "feature", "model"),
    "by hour": ("weekday", "hour"),
    "by teacher": ("user_id",),
}


def main() -> int:
    rows = _arguments().rows
    findings = Findings("usage")
    with server_of_this_run() as server:
        with _ledger_in(server) as (addresses, owner, school):
            measure_price(findings, owner, school)
        with _ledger_in(server) as (addresses, owner, school):
            _fill(findings, addresses, school, rows)
            engine = build_engine(addresses.app, pool_size=2)
            _measure_reading(findings, engine, school)
            engine.dispose()
    return findings.close()


@contextmanager
def _ledger_in(server: Server) -> Iterator[tuple[Addresses, Connection, BigSchool]]:
    with server.migrated_database() as addresses:
        engine = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield addresses, connection, found_big_school(connection)
        engine.dispose()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the ledger")
    return parser.parse_args()


def _fill(findings: Findings, addresses: Addresses, school: BigSchool, rows: int) -> None:
    begun = time.monotonic()
    engine = create_engine(sqlalchemy_url(addresses.superuser), isolation_level="AUTOCOMMIT")
    with engine.connect() as superuser:
        fill(superuser, school, rows)
        findings.add("to make the ledger", (time.monotonic() - begun) / 60, "min")
        for table in ("openai_usage", *ROLLUPS):
            counted = f"select count(*), pg_total_relation_size('{table}') / 1e6 from {table}"  # noqa: S608 - our own tables
            size = superuser.execute(text(counted)).one()
            findings.add(f"rows of {table}", size[0])
            findings.add(f"size of {table}", float(size[1]), "MB")
        for table in ROLLUPS:
            findings.add(f"differences of {table} from a recount", superuser.scalar(recount(table)), at_most=0)
    engine.dispose()


@dataclass(frozen=True)
class _Reader:
    """Somebody at the page, with what they read and in how many milliseconds each statement has to be answered."""

    database: Database
    clock: StatementClock
    person: Person
    readings: Mapping[str, Reading]
    at_most: float

    def slowest(self, filters: Filters) -> tuple[str, float]:
        """The reading whose statement took longest, and how long."""
        with self.database.as_person(self.person) as session:
            scope = with_books(session, scope_of(self.person, filters))
            taken = {name: self.clock.slowest(partial(read, session, scope)) for name, read in self.readings.items()}
        return max(taken.items(), key=lambda one: one[1])

    def measure(self, findings: Findings, what: str, wanted: Mapping[str, Any]) -> None:
        for span_name, days in SPANS.items():
            name, ms = self.slowest(Filters(_last(days), **wanted))
            told = f"{self.person.role}, {span_name}, {what}: slowest is {name}"
            findings.add(told, ms, "ms", at_most=self.at_most)

    def measure_page(self, findings: Findings) -> None:
        """All that the page asks for, one after the other."""
        reports = UsageReports(database=self.database)

        def seconds(filters: Filters) -> float:
            begun = time.perf_counter()
            reports.choices(self.person)
            reports.report(self.person, filters, NOW)
            return time.perf_counter() - begun

        for span_name, days in SPANS.items():
            ms = 1000 * min(seconds(Filters(_last(days))) for _ in range(3))
            findings.add(f"{self.person.role}, {span_name}: all that the page reads", ms, "ms")

    def measure_choices(self, findings: Findings) -> None:
        with self.database.as_person(self.person) as session:
            ms = self.clock.slowest(partial(choices_of, session, self.person))
        findings.add(f"{self.person.role}, what the page may be filtered by", ms, "ms", at_most=self.at_most)


def _measure_reading(findings: Findings, engine: Engine, school: BigSchool) -> None:
    database, clock = Database(app=engine, worker=None), StatementClock(engine)
    admin = _Reader(database, clock, school.admin, SCHOOL, ADMIN_MS)
    teacher = _Reader(database, clock, school.teacher, OWN, TEACHER_MS)
    wanted: dict[str, dict[str, Any]] = {
        "everything": {},
        "a class": {"class_id": school.class_id},
        "a feature": {"feature": "ptm"},
        "a model": {"model": "gpt-6-luna"},
        "a class and a feature": {"class_id": school.class_id, "feature": "ptm"},
        "a feature and a model": {"feature": "ptm", "model": "gpt-6-luna"},
        "a class, a feature and a model": {"class_id": school.class_id, "feature": "ptm", "model": "gpt-6-luna"},
    }
    for what, filters in wanted.items():
        admin.measure(findings, what, filters)
        admin.measure(findings, f"a teacher's {what}", {"staff_id": school.teacher.staff_id, **filters})
        teacher.measure(findings, what, filters)
    for reader in (admin, teacher):
        reader.measure_choices(findings)
        reader.measure_page(findings)
    _measure_plain(findings, database, clock, school)


def _measure_plain(findings: Findings, database: Database, clock: StatementClock, school: BigSchool) -> None:
    """The same from the ledger itself, for a year of the whole school."""
    with database.as_person(school.admin) as session:
        scope = with_books(session, scope_of(school.admin, Filters(_last(365))))
        for name, keys in PLAIN.items():
            rolled_up = clock.slowest(partial(SCHOOL[name], session, scope))
            plain = clock.slowest(partial(_plainly, session, scope, keys), times=1)
            findings.add(f"a year {name}, from the ledger itself", plain, "ms")
            findings.add(f"a year {name}: times faster", plain / rolled_up, at_least=TIMES_FASTER)


def _plainly(session: Session, scope: Scope, keys: tuple[str, ...]) -> object:
    source = ledger(scope, scope.span).subquery()
    weekday = cast(func.date_part("isodow", source.c.day), Integer)
    columns = [weekday if key == "weekday" else source.c[key] for key in keys]
    return session.execute(select(*columns, *sums(source)).group_by(*columns)).all()


def _last(days: int) -> Span:
    return Span(LAST_DAY - timedelta(days=days - 1), LAST_DAY)


if __name__ == "__main__":
    sys.exit(main())
