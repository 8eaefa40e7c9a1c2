"""Budgets hold when a call is reserved, exactly, whoever asks at once; what they refuse costs nothing."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from bench.budgets import RUSHES, Rush, hammer, spenders_of
from core.accounts.person import Person
from core.db.engine import Database
from core.errors import BudgetUsedUp, NotPricedForBudget
from tests.cast import Cast
from tests.integration.db.chats import Talk, call, count, start_talk
from tests.integration.db.test_budgets import hold, set_budget, spend
from tests.postgres import Addresses


def _hold(owner: Connection, person: Person, held: str | None, in_class: UUID | None = None) -> dict[str, Any] | None:
    """The refusal, or None where there is room."""
    values = {"school": person.school_id, "class": in_class, "staff": person.staff_id, "held": held}
    refusal: dict[str, Any] | None = owner.scalar(
        text("select private.hold_in_budgets(:school, :class, :staff, cast(:held as numeric))"), values
    )
    return refusal


def _claim(database: Database, job: UUID, held: str | None = "0.10") -> Any:
    with database.as_worker() as session:
        return session.execute(
            text("select * from private.claim_portrait(:job, 'worker', 'key', 'gpt-image', cast(:held as numeric))"),
            {"job": job, "held": held},
        ).one()


def _warnings(owner: Connection) -> list[int]:
    return list(owner.scalars(text("select percent from budget_warnings order by percent")))


@pytest.mark.parametrize("rush", RUSHES.values(), ids=RUSHES)
def test_of_many_at_once_the_one_that_fits_is_admitted(addresses: Addresses, rush: Rush) -> None:
    for _ in range(3):
        found = spenders_of(addresses.owner, replace(rush, people=min(rush.people, 12)))

        outcome = hammer(addresses.owner, found, threads=12)

        assert (outcome.admitted, outcome.refused, outcome.counted_usd) == (1, 59, Decimal("5.00"))


def test_the_first_budget_without_room_refuses_the_school_s_before_the_class_s_before_the_person_s(
    database: Database, owner: Connection, cast: Cast
) -> None:
    for scope, amount in (({"staff": cast.mei.staff_id}, "1"), ({"class": cast.integrity}, "2"), ({}, "3")):
        set_budget(database, cast.siti, amount, **scope)

    refusals = [_hold(owner, cast.mei, held, cast.integrity) for held in ("3.01", "2.01", "1.01", "1")]

    assert [refusal and (refusal["of"], refusal["name"]) for refusal in refusals] == [
        ("school", "North Primary"),
        ("class", "P5 Integrity"),
        ("person", "Mei Tan"),
        None,
    ]
    # Neither another class's nor another person's.
    assert _hold(owner, cast.arjun, "2.5", cast.courage) is None


def test_a_school_without_budgets_waits_for_none(database: Database, owner: Connection, cast: Cast) -> None:
    set_budget(database, cast.siti, "5", **{"class": cast.courage})
    locks = "(select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())"
    held = text(f"select private.hold_in_budgets(:school, :class, :staff, 0.1)::text, {locks}")

    def locked(person: Person, in_class: UUID) -> int:
        values = {"school": person.school_id, "class": in_class, "staff": person.staff_id}
        return int(owner.execute(held, values).one()[1])

    assert [locked(cast.ben, cast.elsewhere), locked(cast.mei, cast.integrity), locked(cast.arjun, cast.courage)] == [
        0,
        0,
        1,
    ]


def test_a_refusal_tells_what_is_left_and_who_can_change_it(database: Database, owner: Connection, cast: Cast) -> None:
    set_budget(database, cast.siti, staff=cast.mei.staff_id)
    spend(owner, cast.mei, "4.5")
    hold(owner, cast.mei, "0.4")
    talk = start_talk(database, cast.mei)

    with pytest.raises(BudgetUsedUp) as refused:
        talk.send(uuid4(), held="0.11")

    assert str(refused.value) == (
        "Your budget has no room for this: $0.10 of $5.00 is left this month, and this may cost $0.11. "
        "Nothing was sent or paid. Siti Rahim can raise it."
    )
    assert count(owner, "rate_limits") == count(owner, "chat_messages") == 0
    assert talk.send(uuid4(), held="0.10") is None


def test_what_nobody_can_price_is_refused_by_a_hard_budget_alone(database: Database, cast: Cast) -> None:
    set_budget(database, cast.siti, hard=False)
    talk = start_talk(database, cast.mei)
    talk.end(talk.ask(held=None))

    set_budget(database, cast.siti)

    with pytest.raises(NotPricedForBudget, match="The school's budget allows no call without a known price"):
        talk.send(uuid4(), held=None)


def test_a_soft_budget_never_refuses_and_each_warning_is_kept_once(
    database: Database, owner: Connection, cast: Cast
) -> None:
    budget = set_budget(database, cast.siti, hard=False)
    seen = []
    for cost in ("2.4", "0.2", "0.1", "1.4", "1", "90"):
        spend(owner, cast.mei, cost)
        assert _hold(owner, cast.mei, "0") is None
        seen.append(_warnings(owner))

    assert seen == [[], [50], [50], [50, 80], [50, 80, 100], [50, 80, 100]]
    # Of a higher budget less was passed, and may be passed anew.
    assert set_budget(database, cast.siti, "150", hard=False) == budget
    assert _warnings(owner) == [50]


def test_released_and_cheaper_calls_give_room_and_possible_ones_keep_it(
    database: Database, owner: Connection, cast: Cast
) -> None:
    set_budget(database, cast.siti, "0.30")
    talks = [start_talk(database, cast.mei) for _ in range(3)]
    answers = [talk.ask(held="0.10") for talk in talks]
    waiting = start_talk(database, cast.mei)

    def is_full() -> bool:
        return _hold(owner, cast.arjun, "0.01") is not None

    assert is_full()
    talks[0].end(answers[0], "failed", words="", state="released", cost_source=None, cost_usd=None)
    waiting.ask(held="0.10")
    assert is_full()
    talks[1].end(answers[1], "cut_off", cost_source="possible", cost_usd=None)
    assert is_full()
    talks[2].end(answers[2], cost_usd="0.02")
    assert not is_full()


def test_a_second_try_of_an_answer_takes_the_place_of_the_first(
    database: Database, owner: Connection, cast: Cast
) -> None:
    set_budget(database, cast.siti, "0.10")
    talk = start_talk(database, cast.mei)
    answer = talk.ask(held="0.10")

    assert call(database, cast.mei, "private.try_again(:answer, 1)", answer=answer) is True
    assert _hold(owner, cast.arjun, "0.01") is not None


def test_a_claim_without_room_gives_its_slot_back_and_leaves_the_job_waiting(
    database: Database, owner: Connection, cast: Cast
) -> None:
    job = call(database, cast.mei, "private.request_portrait(:id, '{}')", id=cast.ana)
    set_budget(database, cast.siti, "0.05", **{"class": cast.integrity})

    claim = _claim(database, job)

    assert (claim.outcome, claim.refusal["of"], claim.refusal["left_usd"]) == ("budget", "class", "0.05")
    assert owner.scalar(text("select state from photo_jobs")) == "queued"
    assert count(owner, "rate_limits") == count(owner, "openai_usage") == 0
    assert _claim(database, job, "0.05").outcome == "claimed"


def test_a_wish_that_plainly_can_not_be_paid_is_taken_back_at_the_click_and_an_earlier_one_stays(
    database: Database, owner: Connection, cast: Cast
) -> None:
    ask = text("select private.refuse_portrait_without_room(private.request_portrait(:id, '{}'), 0.05)")

    def click() -> None:
        with database.as_person(cast.mei) as session:
            session.execute(ask, {"id": cast.ana})

    budget = set_budget(database, cast.siti, "0.01", staff=cast.mei.staff_id)
    with pytest.raises(BudgetUsedUp, match="Your budget has no room"):
        click()
    assert count(owner, "photo_jobs") == 0

    call(database, cast.siti, "private.remove_budget(:budget)", budget=budget)
    click()
    set_budget(database, cast.siti, "0.01", staff=cast.mei.staff_id)
    click()
    assert count(owner, "photo_jobs") == 1


def test_the_operator_s_calls_count_for_school_and_class_and_for_no_person(database: Database, cast: Cast) -> None:
    set_budget(database, cast.siti, "0.01", staff=cast.mei.staff_id)
    with database.as_worker() as session:
        job = session.scalar(text("select private.request_portrait_for(null, :id, '{}', null)"), {"id": cast.ana})
    assert isinstance(job, UUID)
    set_budget(database, cast.siti, "0.01", **{"class": cast.integrity})

    assert _claim(database, job).refusal["of"] == "class"


@pytest.fixture
def paused(database: Database, owner: Connection, cast: Cast) -> UUID:
    """A batch of Integrity that its budget paused."""
    set_budget(database, cast.siti, "0.05", **{"class": cast.integrity})
    batch = _batch(database, cast)
    job = owner.scalar(text("select id from photo_jobs"))
    assert isinstance(job, UUID)
    assert _claim(database, job).outcome == "budget"
    with database.as_worker() as session:
        session.execute(text("select private.pause_batch_for(:batch, 'budget', 'No room')"), {"batch": batch})
    return batch


def _batch(database: Database, cast: Cast) -> UUID:
    with database.as_person(cast.mei) as session:
        batch = session.scalar(
            text("select private.request_batch(:class, :students, false, '{}')"),
            {"class": cast.integrity, "students": [cast.ana]},
        )
    assert isinstance(batch, UUID)
    return batch


def _resume(database: Database, batch: UUID, held: str | None = "0.10") -> bool:
    with database.as_worker() as session:
        resumed = session.scalar(
            text(
                "select private.resume_with_room(:batch, j.id, cast(:held as numeric)) from photo_jobs as j"
                " where j.batch_id = :batch"
            ),
            {"batch": batch, "held": held},
        )
    return bool(resumed)


def test_a_batch_that_its_budget_paused_goes_on_once_there_is_room(
    database: Database, owner: Connection, cast: Cast, paused: UUID
) -> None:
    assert owner.scalar(text("select wait_reason from photo_jobs")) == "budget"
    assert [_resume(database, paused, held) for held in ("0.10", None)] == [False, False]

    set_budget(database, cast.siti, "0.10", **{"class": cast.integrity})

    assert _resume(database, paused)
    assert owner.execute(text("select state, pause_reason, message from photo_batches")).one() == (
        "running",
        None,
        None,
    )
    assert owner.scalar(text("select wait_reason from photo_jobs")) is None
    assert owner.scalar(text("select count(*) from procrastinate.procrastinate_jobs where status = 'todo'")) == 1


def test_a_batch_that_a_person_paused_stays_paused_whatever_the_budget_has(
    database: Database, owner: Connection, cast: Cast
) -> None:
    batch = _batch(database, cast)
    call(database, cast.mei, "private.pause_batch(:batch)", batch=batch)

    assert not _resume(database, batch)
    assert owner.scalar(text("select state from photo_batches")) == "paused"


def test_a_talk_counts_for_a_class_only_where_it_is_the_asker_s(database: Database, cast: Cast) -> None:
    set_budget(database, cast.siti, "0.01", **{"class": cast.courage})

    mei: Talk = start_talk(database, cast.mei)
    mei.ask(held="0.10", **{"class": cast.courage})
    with pytest.raises(BudgetUsedUp):
        start_talk(database, cast.arjun).ask(held="0.10", **{"class": cast.courage})
