"""What a hard budget does to portraits: refused before anything is paid, and a class goes on by itself."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from core.errors import BudgetUsedUp
from core.photos.batches import errands
from core.photos.batches.resuming import resume_where_room
from tests.integration.photos.studio import Studio, wait_until, working


def _budget(studio: Studio, amount: str) -> None:
    """Integrity's, for every month."""
    with studio.database.as_person(studio.cast.siti) as session:
        session.execute(
            text("select private.set_budget(:class, null, null, :amount, true)"),
            {"class": studio.cast.integrity, "amount": Decimal(amount)},
        )


def _at_rest(studio: Studio) -> bool:
    return not studio.rows("select from photo_jobs where state in ('reserved', 'calling', 'received')")


def test_a_class_whose_budget_is_used_up_pauses_and_goes_on_by_itself_once_there_is_room(studio: Studio) -> None:
    studio.pace_batches()
    _budget(studio, "0.03")
    batch_id = studio.start_batch(studio.enrol(4))
    with working(studio.worker(concurrency=1)):
        # Of what is held a little comes back when a call settles, so it looks again before it is over.
        wait_until(
            lambda: studio.batch(batch_id).state == "paused" and _at_rest(studio) and studio.count("photos") == 2
        )
        paused, told = studio.batch(batch_id), errands.report(studio.database, batch_id)
        _budget(studio, "1")
        wait_until(lambda: studio.batch(batch_id).state == "finished")

    assert paused.pause_reason == "budget"
    assert not told.paused_itself
    assert re.fullmatch(
        r"The budget of P5 Integrity has no room for this: \$0\.00\d\d of \$0\.03 is left this month, "
        r"and this may cost \$0\.01\d\. Siti Rahim can raise it\.",
        paused.message,
    )
    assert studio.stand_in.ledger.billed_images == studio.count("photos") == 4
    acts = studio.rows("select action, actor_id from audit_log where action like '%class photos' order by created_at")
    assert [row.action.split()[0] for row in acts] == ["start", "pause", "resume"]
    assert [row.actor_id for row in acts] == [studio.cast.mei.staff_id, None, None]


def test_a_single_portrait_is_refused_at_the_click_and_nothing_is_left_of_it(studio: Studio) -> None:
    _budget(studio, "0.01")

    with pytest.raises(BudgetUsedUp, match=r"\$0\.01 of \$0\.01 is left"):
        studio.ask()

    assert studio.count("photo_jobs") == studio.count("procrastinate.procrastinate_jobs") == 0


def test_a_single_portrait_whose_money_went_meanwhile_ends_free_of_charge(studio: Studio) -> None:
    job_id = studio.ask()
    _budget(studio, "0.01")

    studio.maker.make(job_id)

    job = studio.job(job_id)
    assert (job.state, job.error_code, job.cost_usd, job.cost_source) == ("failed", "budget", 0, "reported")
    assert job.message.startswith("The budget of P5 Integrity has no room for this")
    assert studio.count("openai_usage") == studio.stand_in.ledger.requests == 0


def test_a_class_whose_model_nobody_can_price_waits_until_one_with_a_price_is_set(studio: Studio) -> None:
    studio.pace_batches()
    _budget(studio, "5")
    batch_id = studio.start_batch(studio.enrol(1))
    unpriced = replace(studio.maker, choice=replace(studio.maker.choice, model="a-model-of-nobody-s"))

    unpriced.make(studio.jobs_of(batch_id)[0])

    paused = studio.batch(batch_id)
    assert (paused.state, paused.pause_reason) == ("paused", "budget_unpriced")
    studio.run("update photo_batches set paused_at = paused_at - interval '6 seconds'")
    assert errands.report(studio.database, batch_id).paused_itself
    assert resume_where_room(studio.database, unpriced.held_usd) == []
    assert resume_where_room(studio.database, studio.maker.held_usd) == [batch_id]


def test_a_class_goes_on_when_whoever_has_room_gets_a_slot_and_not_before(studio: Studio) -> None:
    mei, devi, siti = studio.cast.mei, studio.cast.devi, studio.cast.siti
    studio.pace_batches(at_most=1)
    failed, waiting = studio.enrol(2)
    batch_id = studio.start_batch([failed, waiting])
    studio.run("update photo_jobs set state = 'failed', finished_at = now() where student_id = :id", id=failed)
    take = "insert into rate_limits (school_id, user_id, type, endpoint) values (:school, :mei, 'batch_image', 'x')"
    studio.run(take, school=mei.school_id, mei=mei.staff_id)
    studio.class_photos.retry_failed(devi, batch_id)
    with studio.database.as_person(siti) as session:
        session.execute(text("select private.set_budget(null, :devi, null, 0.01, true)"), {"devi": devi.staff_id})

    studio.maker.make(studio.jobs_of(batch_id)[-1])

    assert studio.batch(batch_id).pause_reason == "budget"
    assert resume_where_room(studio.database, studio.maker.held_usd) == []
    studio.run("update photo_jobs set not_before = now() where student_id = :id", id=waiting)
    assert resume_where_room(studio.database, studio.maker.held_usd) == [batch_id]
