"""The demo's form teacher has meetings today, on whatever day one looks."""

import threading
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from core.accounts.people import People
from core.accounts.person import Person
from core.db.engine import Database
from core.demo.meetings import ZONE
from core.demo.new_day import NewDay, plan_meetings
from core.demo.seeding import seed_demo_school
from core.meetings.agenda import Prepared
from core.meetings.service import Meetings


def today() -> date:
    """Asked anew by each test, since a run may pass midnight."""
    return datetime.now(ZONE).date()


def mei_of(database: Database) -> Person:
    return People(database=database).demo_person("mei")


def times(owner: Connection) -> list[str]:
    return list(owner.scalars(text("select to_char(starts_at at time zone 'Asia/Singapore', 'HH24:MI') from meetings")))


@pytest.fixture
def seeded_yesterday(database: Database) -> Database:
    seed_demo_school(database, today=today() - timedelta(days=1))
    return database


def test_four_families_come_in_the_afternoon_in_each_state(database: Database) -> None:
    seed_demo_school(database)

    found = Meetings(database=database).today(mei_of(database))

    assert [f"{one.starts_at.astimezone(ZONE):%H:%M}" for one in found] == ["14:00", "14:20", "14:40", "15:00"]
    assert (found[0].student.full_name, found[0].guardian, found[0].relationship) == (
        "Nurul Aisyah binte Rahman",
        "Rahman bin Ali",
        "father",
    )
    assert {one.prepared for one in found} == set(Prepared)


@pytest.mark.parametrize("key", ["arjun", "siti"])
def test_nobody_else_holds_them(database: Database, key: str) -> None:
    seed_demo_school(database)

    assert Meetings(database=database).today(People(database=database).demo_person(key)) == []


def test_another_day_brings_its_own_once(seeded_yesterday: Database, owner: Connection) -> None:
    assert Meetings(database=seeded_yesterday).today(mei_of(seeded_yesterday)) == []

    for _ in range(2):
        with seeded_yesterday.as_worker() as session:
            plan_meetings(session, today())

    assert len(Meetings(database=seeded_yesterday).today(mei_of(seeded_yesterday))) == 4
    assert len(times(owner)) == 8


def test_what_was_called_off_stays_off(database: Database, owner: Connection) -> None:
    seed_demo_school(database)
    owner.execute(text("delete from meetings where id in (select id from meetings limit 1)"))

    with database.as_worker() as session:
        plan_meetings(session, today())

    assert len(times(owner)) == 3


@pytest.mark.parametrize(
    "change",
    [
        "delete from student_guardians where student_id = (select id from students where full_name = 'Ho Wei Jie')",
        "delete from students where full_name = 'Ho Wei Jie'",
    ],
)
def test_a_day_goes_on_without_who_left(seeded_yesterday: Database, owner: Connection, change: str) -> None:
    owner.execute(text(change))

    with seeded_yesterday.as_worker() as session:
        plan_meetings(session, today())

    assert len(Meetings(database=seeded_yesterday).today(mei_of(seeded_yesterday))) == 3


def test_without_a_school_there_is_nothing_to_plan(database: Database, owner: Connection) -> None:
    with database.as_worker() as session:
        plan_meetings(session, date(2026, 11, 12))

    assert times(owner) == []


def test_a_demo_that_runs_finds_the_new_day_by_itself(seeded_yesterday: Database, owner: Connection) -> None:
    new_day = NewDay(database=seeded_yesterday)
    new_day.start()
    try:
        waited = threading.Event()
        for _ in range(100):
            if len(times(owner)) == 8:
                break
            waited.wait(0.05)
    finally:
        new_day.stop()

    assert len(times(owner)) == 8
