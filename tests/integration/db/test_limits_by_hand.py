"""Limits that an admin sets: within bounds, for the school or one person, audited, and at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import ChoiceRefused, NotAllowed
from core.usage.limits_by_hand import Limits, Rule
from core.usage.report import Series
from tests.cast import Cast, assign, enrol

TWICE = Rule(2, Decimal(60), Decimal(0))
USUAL_CHAT = Rule(10, Decimal(60), Decimal(0))


@pytest.fixture
def limits(database: Database) -> Limits:
    return Limits(database=database)


def ask(database: Database, person: Person) -> datetime | None:
    """Null for a slot, else when to come back."""
    with database.as_person(person) as session:
        opens: datetime | None = session.scalar(text("select private.take_slot('chat', 'x')"))
        return opens


def in_log(owner: Connection) -> list[tuple[Any, ...]]:
    rows = owner.execute(text("select * from audit_log order by created_at"))
    return [(row.action, *((kept or {}).get("at_most") for kept in (row.before, row.after))) for row in rows]


def test_a_limit_holds_at_once_for_this_school_alone(database: Database, limits: Limits, cast: Cast) -> None:
    ask(database, cast.mei)
    limits.set(cast.siti, Series.CHAT, TWICE)

    assert [ask(database, cast.mei) is None for _ in range(2)] == [True, False]
    assert [ask(database, cast.ben) is None for _ in range(3)] == [True] * 3
    assert limits.view(cast.ben).of(Series.CHAT).is_usual


def test_an_exception_overrules_the_school_s_for_one_person_until_it_is_removed(
    database: Database, limits: Limits, cast: Cast
) -> None:
    limits.set(cast.siti, Series.CHAT, Rule(1, Decimal(60), Decimal(0)))
    limits.set(cast.siti, Series.CHAT, TWICE, staff_id=cast.mei.staff_id)

    assert [ask(database, cast.mei) is None for _ in range(3)] == [True, True, False]
    assert [ask(database, cast.devi) is None for _ in range(2)] == [True, False]
    [seen] = limits.view(cast.siti).exceptions
    assert (seen.full_name, seen.series, seen.rule) == ("Mei Tan", Series.CHAT, TWICE)

    limits.set(cast.siti, Series.CHAT, USUAL_CHAT, staff_id=cast.mei.staff_id)
    assert ask(database, cast.mei) is None
    limits.forget(cast.siti, Series.CHAT, cast.mei.staff_id)
    assert ask(database, cast.mei) is not None


def test_every_change_is_audited_and_what_changes_nothing_is_not(limits: Limits, cast: Cast, owner: Connection) -> None:
    limits.set(cast.siti, Series.CHAT, TWICE)
    limits.set(cast.siti, Series.CHAT, TWICE)
    limits.reset(cast.siti, Series.CHAT)
    limits.set(cast.siti, Series.CHAT, TWICE, staff_id=cast.mei.staff_id)
    limits.forget(cast.siti, Series.CHAT, cast.mei.staff_id)
    limits.forget(cast.siti, Series.CHAT, cast.mei.staff_id)

    assert in_log(owner) == [
        ("limit.corrected", 10, 2),
        ("limit.corrected", 2, 10),
        ("limit.added", None, 2),
        ("limit.removed", 2, None),
    ]


def test_teachers_and_other_schools_set_nothing(limits: Limits, cast: Cast, owner: Connection) -> None:
    attempts: list[Callable[[], None]] = [
        lambda: limits.set(cast.mei, Series.CHAT, TWICE),
        lambda: limits.forget(cast.mei, Series.CHAT, cast.mei.staff_id),
        lambda: limits.reset(cast.arjun, Series.CHAT),
        lambda: limits.set(cast.ben, Series.CHAT, TWICE, staff_id=cast.mei.staff_id),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert in_log(owner) == []


def test_nothing_is_set_beyond_the_bounds_in_python_or_in_the_database(
    database: Database, limits: Limits, cast: Cast
) -> None:
    statement = text("select private.set_limit(:type, null, :at_most, :per_seconds, :gap_seconds)")
    for series, *figures in (
        (Series.CHAT, 0, 60, 0),
        (Series.CHAT, 61, 60, 0),
        (Series.IMAGE, 31, 60, 0),
        (Series.BATCH_IMAGE, 501, 3600, 2),
        (Series.CHAT, 10, 9, 0),
        (Series.CHAT, 10, 86401, 0),
        (Series.CHAT, 10, 60, -1),
        (Series.BATCH_IMAGE, 50, 3600, 61),
        (Series.IMAGE, 5, 10, 11),
    ):
        rule = Rule(figures[0], *map(Decimal, figures[1:]))
        with pytest.raises(ChoiceRefused, match=r"may start|window|pause"):
            limits.set(cast.siti, series, rule)
        with pytest.raises(ChoiceRefused, match="can't be set"), database.as_person(cast.siti) as session:
            session.execute(statement, {"type": series.value, **vars(rule)})


def test_a_class_that_waits_is_lined_up_by_the_new_limit(
    database: Database, limits: Limits, cast: Cast, owner: Connection
) -> None:
    owner.execute(text("update limits set at_most = 1 where type = 'batch_image'"))
    assign(owner, cast.mei, cast.courage, "subject")
    with database.as_person(cast.mei) as session:
        for class_id, student in ((cast.integrity, cast.ana), (cast.courage, cast.bala)):
            values = {"class_id": class_id, "students": [student]}
            session.execute(text("select private.request_batch(:class_id, :students, false, '{}')"), values)
    waits = text("select count(*) from photo_jobs where not_before > clock_timestamp() + interval '30 minutes'")
    assert owner.scalar(waits) == 1

    limits.reset(cast.siti, Series.BATCH_IMAGE)

    assert owner.scalar(waits) == 0
    assert owner.scalar(text("select count(*) from procrastinate.procrastinate_jobs where status = 'todo'")) == 2


def test_single_portraits_that_wait_start_by_the_new_limit_in_their_order(
    database: Database, limits: Limits, cast: Cast, owner: Connection
) -> None:
    limits.set(cast.siti, Series.IMAGE, Rule(2, Decimal(86400), Decimal(0)))
    others = [enrol(owner, cast.integrity, f"Student {number}") for number in range(2)]
    for wish, student in (
        ("select private.take_slot('image', 'x')", None),
        *(("select private.request_portrait(:student, '{}')", student) for student in (cast.ana, *others)),
    ):
        with database.as_person(cast.mei) as session:
            session.execute(text(wish), {"student": student})
    starts = text("select not_before - clock_timestamp() from photo_jobs order by created_at")
    assert [wait is not None for wait in owner.scalars(starts)] == [False, True, True]

    limits.set(cast.siti, Series.IMAGE, Rule(3, Decimal(600), Decimal(0)))

    *now, last = owner.scalars(starts)
    assert now == [None, None]
    assert last <= timedelta(minutes=10)
    due = text("select count(*) from procrastinate.procrastinate_jobs where status = 'todo'")
    assert owner.scalar(due) == 3
