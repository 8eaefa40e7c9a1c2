"""Who may set and read budgets, what is counted, and when a month begins."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import NotAllowed
from tests.cast import Cast
from tests.integration.db.chats import call
from tests.integration.db.records import everyone

SET = "private.set_budget(cast(:class as uuid), cast(:staff as uuid), cast(:month as date), :amount, :hard)"
STATE = "select (private.state_of_budget(b, cast(:month as date))).* from budgets as b where b.id = :budget"


def set_budget(database: Database, person: Person, amount: object = "5.00", **changes: Any) -> UUID:
    """For each month and the whole school, hard, unless `changes` say otherwise."""
    values: dict[str, Any] = {"class": None, "staff": None, "month": None, "amount": Decimal(str(amount)), "hard": True}
    budget = call(database, person, SET, **{**values, **changes})
    assert isinstance(budget, UUID)
    return budget


def spend(owner: Connection, person: Person, cost: str | None, **changes: object) -> None:
    """A row of the ledger as of now, or as `changes` say."""
    values: dict[str, object] = {
        "school_id": person.school_id,
        "user_id": person.staff_id,
        "type": "chat",
        "model": "m",
        "feature": "question",
        "state": "settled",
        "cost_source": "reported" if cost else "unpriced",
        "estimated_cost": cost,
        **changes,
    }
    names = ", ".join(values)
    owner.execute(
        text(f"insert into openai_usage ({names}) values ({', '.join(f':{name}' for name in values)})"), values
    )


def hold(owner: Connection, person: Person, held: str | None, **changes: object) -> None:
    spend(owner, person, None, **{"state": "reserved", "cost_source": None, "held_cost": held, **changes})


def _state(owner: Connection, budget: UUID, month: date | None = None) -> tuple[Decimal, Decimal, int]:
    """Spent, held and not priced."""
    now = owner.scalar(text("select date_trunc('month', now() at time zone 'Asia/Singapore')::date"))
    row = owner.execute(text(STATE), {"budget": budget, "month": month or now}).one()
    return row.spent_usd, row.held_usd, row.unpriced


def _seen(database: Database, person: Person) -> set[UUID]:
    with database.as_person(person) as session:
        return set(session.scalars(text("select id from budgets")))


def test_people_read_their_own_and_their_classes_budgets_and_admins_all_of_the_school(
    database: Database, cast: Cast
) -> None:
    school = set_budget(database, cast.siti)
    integrity = set_budget(database, cast.siti, **{"class": cast.integrity})
    mei = set_budget(database, cast.siti, staff=cast.mei.staff_id)

    seen = {name: _seen(database, person) for name, person in everyone(cast)}

    assert seen == {
        "mei": {integrity, mei},
        "devi": {integrity},
        "arjun": set(),
        "siti": {school, integrity, mei},
        "ben": set(),
    }
    asked = text("select budget_id from private.sums_of_budgets(:all)")
    for name, person in everyone(cast):
        with database.as_person(person) as session:
            assert set(session.scalars(asked, {"all": [school, integrity, mei]})) == seen[name]


@pytest.mark.parametrize("name", ["mei", "ben"])
def test_nobody_but_an_admin_of_the_school_sets_or_removes_a_budget(
    database: Database, owner: Connection, cast: Cast, name: str
) -> None:
    budget = set_budget(database, cast.siti, **{"class": cast.integrity})
    person = getattr(cast, name)

    with pytest.raises(NotAllowed):
        set_budget(database, person, **{"class": cast.integrity})
    if name == "mei":
        with pytest.raises(NotAllowed):
            call(database, person, "private.remove_budget(:budget)", budget=budget)
    else:
        assert call(database, person, "private.remove_budget(:budget)", budget=budget) is False
    assert owner.scalar(text("select amount_usd from budgets")) == Decimal("5.00")


@pytest.mark.parametrize("amount", ["0", "0.004", "-1", "100000.01", "NaN"])
def test_an_amount_out_of_bounds_is_refused(database: Database, cast: Cast, amount: str) -> None:
    with pytest.raises(DBAPIError):
        set_budget(database, cast.siti, amount)


def test_setting_changing_and_removing_stand_in_the_audit_log_with_before_and_after(
    database: Database, owner: Connection, cast: Cast
) -> None:
    budget = set_budget(database, cast.siti, staff=cast.mei.staff_id)
    assert set_budget(database, cast.siti, "7.50", staff=cast.mei.staff_id, hard=False) == budget
    set_budget(database, cast.siti, "7.50", staff=cast.mei.staff_id, hard=False)
    assert call(database, cast.siti, "private.remove_budget(:budget)", budget=budget) is True

    rows = owner.execute(
        text("select actor_id, action, object, before, after from audit_log order by created_at, action")
    ).all()

    def amount(kept: Mapping[str, Any] | None) -> object:
        return None if kept is None else (kept["amount_usd"], kept["hard"])

    assert {(row.actor_id, row.object) for row in rows} == {(cast.siti.staff_id, f"budgets/{budget}")}
    assert [(row.action, amount(row.before), amount(row.after)) for row in rows] == [
        ("budget.added", None, (5.0, True)),
        ("budget.corrected", (5.0, True), (7.5, False)),
        ("budget.removed", (7.5, False), None),
    ]


def test_what_counts_is_settled_possible_and_estimated_cost_and_all_that_is_held(
    database: Database, owner: Connection, cast: Cast
) -> None:
    school = set_budget(database, cast.siti)
    integrity = set_budget(database, cast.siti, **{"class": cast.integrity})
    mei = set_budget(database, cast.siti, staff=cast.mei.staff_id)
    spend(owner, cast.mei, "1", class_id=cast.integrity)
    spend(owner, cast.devi, "0.2", class_id=cast.integrity, cost_source="possible")
    spend(owner, cast.mei, "0.03", class_id=cast.courage, cost_source="estimated")
    spend(owner, cast.mei, None)
    spend(owner, cast.mei, "9", state="released", cost_source=None, estimated_cost=None, held_cost="9")
    hold(owner, cast.mei, "0.004", class_id=cast.integrity)
    # The operator's.
    hold(owner, cast.mei, "0.0005", class_id=cast.integrity, user_id=None)
    spend(owner, cast.ben, "7")

    assert _state(owner, school) == (Decimal("1.23"), Decimal("0.0045"), 1)
    assert _state(owner, integrity) == (Decimal("1.2"), Decimal("0.0045"), 0)
    assert _state(owner, mei) == (Decimal("1.03"), Decimal("0.004"), 1)


def test_a_month_begins_at_the_school_s_midnight_whether_its_days_are_closed_or_open(
    database: Database, owner: Connection, cast: Cast
) -> None:
    budgets = [
        set_budget(database, cast.siti, **scope)
        for scope in ({}, {"class": cast.integrity}, {"staff": cast.mei.staff_id})
    ]
    for at in ("2026-09-30 15:59:59Z", "2026-09-30 16:00Z", "2026-10-31 15:59:59Z", "2026-10-31 16:00Z"):
        spend(owner, cast.mei, "1", class_id=cast.integrity, created_at=datetime.fromisoformat(at))

    def spent() -> list[list[Decimal]]:
        months = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
        return [[_state(owner, budget, month)[0] for month in months] for budget in budgets]

    assert spent() == [[1, 2, 1]] * 3
    # As on the evening of the day before: what is not closed yet is read from the ledger.
    owner.execute(text("delete from usage_daily_detail where day >= '2026-10-31'"))
    owner.execute(text("delete from usage_hourly where day >= '2026-10-31'"))
    owner.execute(
        text(
            "update usage_books set closed_until = '2026-10-30 16:00Z', last_day = '2026-10-30' where school_id = :id"
        ),
        {"id": cast.mei.school_id},
    )
    assert spent() == [[1, 2, 1]] * 3


def test_a_month_s_own_budget_overrules_the_one_for_every_month(
    database: Database, owner: Connection, cast: Cast
) -> None:
    set_budget(database, cast.siti, "5.00")
    november = set_budget(database, cast.siti, "9.00", month=date(2026, 11, 1))

    def in_force(month: date) -> Decimal | None:
        found = text("select amount_usd from private.budgets_for(:school, null, null, :month)")
        amount: Decimal | None = owner.scalar(found, {"school": cast.mei.school_id, "month": month})
        return amount

    assert in_force(date(2026, 11, 1)) == Decimal("9.00")
    assert in_force(date(2026, 12, 1)) == Decimal("5.00")
    assert call(database, cast.siti, "private.remove_budget(:budget)", budget=november)
    assert in_force(date(2026, 11, 1)) == Decimal("5.00")


def test_a_class_that_goes_on_keeps_its_budget_for_every_month(
    database: Database, cast: Cast, owner: Connection
) -> None:
    of_class = {"class": cast.integrity}
    set_budget(database, cast.siti, "7.50", **of_class)
    set_budget(database, cast.siti, "9.00", month=date(2026, 11, 1), **of_class)

    made = owner.scalar(
        text(
            "insert into classes (school_id, name, school_year, continues_id)"
            " select school_id, 'P6 Integrity', school_year + 1, id from classes where id = :class returning id"
        ),
        of_class,
    )

    kept = owner.execute(text("select month, amount_usd, hard from budgets where class_id = :made"), {"made": made})
    assert [tuple(row) for row in kept] == [(None, Decimal("7.50"), True)]
