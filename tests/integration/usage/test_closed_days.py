"""Days that are closed, rows that come for them later, and a ledger that was there before its rollups."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from core.db.addresses import sqlalchemy_url
from core.db.migrations import migrate, migrations
from core.usage import reports
from core.usage.reading.days import Days, days_of
from core.usage.reading.scope import Scope
from core.usage.report import Filters, Span
from core.usage.reports import UsageReports
from tests.cast import Cast, found_schools
from tests.integration.usage.borrowed import BorrowedDatabase
from tests.integration.usage.ledgers import Books
from tests.integration.usage.recount import calls_of
from tests.integration.usage.recounted_views import BOTH, differing
from tests.postgres import Server, only_one

NOW = datetime.now(UTC)
FIRST_WITH_ROLLUPS = "0020"


@pytest.fixture
def books(scratch: Connection) -> Books:
    return Books(scratch, found_schools(scratch))


def wrong(owner: Connection, cast: Cast) -> list[str]:
    with BorrowedDatabase(owner).as_person(cast.siti) as session:
        return differing(session, calls_of(owner, cast.siti), list(BOTH))


def requests(owner: Connection, table: str) -> int:
    return owner.scalar(text(f"select coalesce(sum(requests), 0) from {table}")) or 0


def close(books: Books, *, until: datetime) -> None:
    books.run(
        "select private.close_days(b.school_id, s.time_zone, b.closed_until, :until)"
        " from usage_books as b inner join schools as s on s.id = b.school_id where s.id = :school",
        until=until,
        school=books.cast.mei.school_id,
    )


def test_the_first_settlement_of_a_day_closes_those_before(scratch: Connection, books: Books) -> None:
    books.called(at=NOW - timedelta(days=40))
    books.called(at=NOW - timedelta(days=2))
    books.called(at=NOW + timedelta(days=2))

    assert (requests(scratch, "usage_daily"), requests(scratch, "usage_hourly")) == (3, 2)
    assert wrong(scratch, books.cast) == []


def test_what_comes_late_or_is_corrected_counts_once_in_a_closed_day(scratch: Connection, books: Books) -> None:
    tomorrow = NOW + timedelta(days=1)
    lost = books.called(at=tomorrow, cost_source="possible", error="no_answer")
    books.called(at=tomorrow)
    close(books, until=NOW + timedelta(days=3))
    assert requests(scratch, "usage_monthly") == 2

    books.called(at=tomorrow, class_id=books.cast.integrity)
    books.run(
        "update openai_usage set cost_source = 'reported', estimated_cost = 0.0131700001, error = null where id = :id",
        id=lost,
    )

    assert requests(scratch, "usage_monthly") == 3
    assert wrong(scratch, books.cast) == []


def test_a_day_that_is_closed_while_the_page_is_read_counts_once(
    scratch: Connection, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.called(at=NOW - timedelta(days=2))
    books.called(at=NOW)

    def after_closing(session: Session, scope: Scope) -> Days:
        session.execute(text("set local role none"))
        close(books, until=NOW + timedelta(days=3))
        session.execute(text("set local role authenticated"))
        return days_of(session, scope)

    monkeypatch.setattr(reports, "days_of", after_closing)
    today = NOW.astimezone(books.cast.siti.zone).date()
    filters = Filters(Span(today - timedelta(days=40), today))

    report = UsageReports(database=BorrowedDatabase(scratch)).report(books.cast.siti, filters, NOW)

    assert sum(one.sum.requests for one in report.by_teacher) == report.total.requests == 2


@pytest.mark.parametrize("what", ["model = 'gpt-6-sol'", "feature = 'lesson'", "class_id = null"])
def test_a_settled_row_keeps_what_it_was_for(books: Books, what: str) -> None:
    books.called(cost_source="possible", class_id=books.cast.integrity)

    with pytest.raises(Exception, match="a settled ledger row does not change"):
        books.run(f"update openai_usage set cost_source = 'reported', {what}")


def test_a_ledger_from_before_the_rollups_is_in_all_of_them(server: Server, tmp_path: Path) -> None:
    for migration in migrations():
        if migration.version < FIRST_WITH_ROLLUPS:
            (tmp_path / f"{migration.title}.sql").write_text(migration.sql)
    with server.empty_database() as addresses:
        with only_one("roles"):
            migrate(addresses.owner, folder=tmp_path)
        engine = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
        with engine.connect() as owner:
            books = Books(owner, found_schools(owner))
            # The day may have changed since the tests began.
            now = datetime.now(UTC)
            for days in (-70, -40, -40, -1, 2):
                books.called(at=now + timedelta(days=days), class_id=books.cast.integrity)
            books.called(at=now, cost=None, error="no_answer")
            books.called(state="reserved", cost_source=None)
            with only_one("roles"):
                migrate(addresses.owner)
        with engine.connect().execution_options(isolation_level="READ COMMITTED") as owner:
            assert (requests(owner, "usage_daily"), requests(owner, "usage_monthly_detail")) == (6, 4)
            assert wrong(owner, books.cast) == []
        engine.dispose()
