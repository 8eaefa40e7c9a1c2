"""Budgets as services: who sees which, what this month has used, what is foreseen, and what may be set."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import BudgetGone, BudgetRefused, NotAllowed
from core.usage.budget import BudgetNow, BudgetOf, Holder
from core.usage.budgets import BudgetKeeping, Budgets, months_from
from core.usage.report import Filters, Span
from core.usage.reports import UsageReports
from tests.cast import Cast
from tests.integration.db.test_budget_holds import _hold
from tests.integration.db.test_budgets import hold, spend


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def keeping(database: Database) -> BudgetKeeping:
    return BudgetKeeping(database)


def school(person: Person) -> Holder:
    return Holder(BudgetOf.SCHOOL, None, person.school_name)


def of(person: Person) -> Holder:
    return Holder(BudgetOf.PERSON, person.staff_id, person.full_name)


def _set(keeping: BudgetKeeping, cast: Cast, holder: Holder, amount: object = "5", **changes: Any) -> None:
    values: dict[str, Any] = {"amount_usd": Decimal(str(amount)), "hard": True, "month": None, "now": datetime.now(UTC)}
    keeping.set(cast.siti, [holder], **{**values, **changes})


def _names(found: tuple[BudgetNow, ...]) -> list[str]:
    return [one.budget.holder.name for one in found]


def test_each_sees_their_own_gauge_and_an_admin_the_school_s(
    database: Database, keeping: BudgetKeeping, cast: Cast, now: datetime
) -> None:
    budgets = Budgets(database)
    assert budgets.gauge(cast.mei, now) is None
    integrity = Holder(BudgetOf.CLASS, cast.integrity, "P5 Integrity")
    for holder in (of(cast.mei), of(cast.siti), integrity):
        _set(keeping, cast, holder)

    def gauge(person: Person) -> str | None:
        found = budgets.gauge(person, now)
        return found.budget.holder.name if found else None

    assert [gauge(one) for one in (cast.mei, cast.devi, cast.siti)] == ["Mei Tan", None, "Siti Rahim"]
    _set(keeping, cast, school(cast.siti))
    assert [gauge(one) for one in (cast.mei, cast.siti)] == ["Mei Tan", "North Primary"]
    assert _names(budgets.for_class(cast.mei, cast.integrity, now)) == ["P5 Integrity", "Mei Tan"]
    assert _names(budgets.for_class(cast.arjun, cast.courage, now)) == []
    assert _names(budgets.for_class(cast.siti, cast.integrity, now)) == ["North Primary", "P5 Integrity", "Siti Rahim"]


def test_a_teacher_hears_what_is_left_of_the_school_s_hard_budget_as_a_refusal_would_say(
    database: Database, keeping: BudgetKeeping, owner: Connection, cast: Cast
) -> None:
    budgets = Budgets(database)
    _set(keeping, cast, school(cast.siti), hard=False)
    spend(owner, cast.devi, "4.75")
    soft = budgets.left_in_schools(cast.mei)
    _set(keeping, cast, school(cast.siti), hard=True)

    assert soft is None
    assert budgets.left_in_schools(cast.mei) == Decimal("0.25")
    # An admin sees the budget itself, and Ben is of another school.
    assert [budgets.left_in_schools(one) for one in (cast.siti, cast.ben)] == [None, None]


def test_what_is_spent_and_held_is_told_apart_and_the_mark_counts_both(
    database: Database, keeping: BudgetKeeping, owner: Connection, cast: Cast, now: datetime
) -> None:
    _set(keeping, cast, of(cast.mei))
    spend(owner, cast.mei, "2")
    hold(owner, cast.mei, "2")

    found = Budgets(database).gauge(cast.mei, now)

    assert found is not None
    assert [found.spent_usd, found.held_usd, found.left_usd] == [2, 2, 1]
    assert found.mark == 80


def test_an_admin_is_told_of_budgets_beyond_80_percent_until_they_are_raised(
    database: Database, keeping: BudgetKeeping, owner: Connection, cast: Cast, now: datetime
) -> None:
    budgets = Budgets(database)
    for holder in (of(cast.mei), of(cast.arjun)):
        _set(keeping, cast, holder, hard=False)
    spend(owner, cast.mei, "4")
    spend(owner, cast.arjun, "3.9")
    for person in (cast.mei, cast.arjun):
        assert _hold(owner, person, "0.0001") is None

    assert _names(budgets.beyond(cast.siti, now)) == ["Mei Tan"]
    assert budgets.beyond(cast.mei, now) == ()
    assert list(budgets.beyond(cast.siti, now)[0].passed_at) == [50, 80]
    _set(keeping, cast, of(cast.mei), "6")
    assert budgets.beyond(cast.siti, now) == ()
    # What is passed already when it is set needs nobody who spends.
    _set(keeping, cast, of(cast.arjun), "4")
    assert _names(budgets.beyond(cast.siti, now)) == ["Arjun Nair"]


def test_the_list_has_everything_that_is_set_with_a_forecast_like_the_page_of_usage(
    database: Database, keeping: BudgetKeeping, owner: Connection, cast: Cast, now: datetime
) -> None:
    integrity = Holder(BudgetOf.CLASS, cast.integrity, "P5 Integrity")
    this_month = now.astimezone(cast.siti.zone).date().replace(day=1)
    next_month = months_from(this_month)[1]
    for holder in (of(cast.mei), integrity, school(cast.siti)):
        _set(keeping, cast, holder, "50")
    _set(keeping, cast, of(cast.mei), "60", month=this_month)
    _set(keeping, cast, of(cast.mei), "70", month=next_month)
    for days in range(12):
        spend(owner, cast.mei, "0.5", class_id=cast.integrity, created_at=now - timedelta(days=days))

    school_s, class_s, mei_s = keeping.foreseen(cast.siti, keeping.all(cast.siti, now), now)

    assert [one.holder.name for one in (school_s, class_s, mei_s)] == ["North Primary", "P5 Integrity", "Mei Tan"]
    assert mei_s.now is not None
    assert mei_s.now.amount_usd == 60
    assert [(one.month, one.amount_usd) for one in mei_s.others] == [
        (next_month, Decimal(70)),
        (None, Decimal(50)),
    ]
    report = UsageReports(database=database).report(cast.siti, Filters(Span(this_month, this_month)), now)
    assert report.forecast is not None
    for one in (school_s, class_s, mei_s):
        assert one.now is not None
        assert one.now.forecast_usd == report.forecast.expected_usd
    assert report.budget is not None
    assert (report.budget.budget.holder.of, report.budget.forecast_usd) == ("school", report.forecast.expected_usd)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount_usd": Decimal("0.009")}, "amount from"),
        ({"amount_usd": Decimal(0)}, "amount from"),
        ({"amount_usd": Decimal("100000.01")}, "amount from"),
        ({"amount_usd": Decimal("NaN")}, "amount from"),
        ({"month": date(2020, 1, 1)}, "twelve after it"),
        ({"month": date(2126, 1, 15)}, "twelve after it"),
    ],
)
def test_what_is_no_budget_is_refused_before_the_database_is_asked(
    keeping: BudgetKeeping, cast: Cast, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(BudgetRefused, match=said):
        _set(keeping, cast, of(cast.mei), **changes)


def test_someone_of_another_school_gets_no_budget_and_nobody_but_an_admin_sets_one(
    keeping: BudgetKeeping, cast: Cast, now: datetime
) -> None:
    for holders in ([of(cast.ben)], [of(cast.mei), Holder(BudgetOf.CLASS, uuid4(), "?")], []):
        with pytest.raises(BudgetRefused):
            keeping.set(cast.siti, holders, amount_usd=Decimal(5), hard=True, month=None, now=now)
    with pytest.raises(NotAllowed):
        keeping.set(cast.mei, [of(cast.mei)], amount_usd=Decimal(5), hard=True, month=None, now=now)
    with pytest.raises(BudgetGone):
        keeping.remove(cast.siti, uuid4())
