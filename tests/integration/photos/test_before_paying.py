"""What stops a job while it is still free."""

import shutil
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import pytest

from core.photos import room
from core.usage.model_choice import ImageChoice
from tests.integration.photos.studio import Studio


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_full_disk_ends_the_job_before_anything_is_sent(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 10, room.ROOM_FOR_A_PORTRAIT - 1))
    job_id = studio.make()

    job = studio.job(job_id)
    assert (job.state, job.error_code, job.cost_usd) == ("failed", "disk_full", 0)
    nothing_was_started(studio)


@pytest.mark.parametrize("change", ["status = 'left'", "portraits_allowed = false"])
def test_a_student_who_may_have_no_portrait_any_more_gets_none(studio: Studio, change: str) -> None:
    job_id = studio.ask()
    studio.run(f"update students set {change} where id = :id", id=studio.cast.ana)

    assert studio.maker.make(job_id) is None

    job = studio.job(job_id)
    assert (job.state, job.error_code, job.cost_usd) == ("failed", "portrait_not_allowed", 0)
    nothing_was_started(studio)


def test_a_demo_spends_up_to_its_limit_and_no_further(studio: Studio) -> None:
    maker = replace(studio.maker, spend_limit_usd=Decimal("0.02"))
    first, second = studio.ask(), studio.ask(studio.cast.bala, person=studio.cast.arjun)

    assert maker.make(first) is None
    assert maker.make(second) is None

    job = studio.job(second)
    assert studio.state(first) == "done"
    assert (job.state, job.error_code, job.cost_usd) == ("failed", "demo_spend_limit", 0)
    assert studio.stand_in.ledger.billed_images == 1


def test_what_the_stand_in_drew_spends_nothing_of_the_limit(studio: Studio) -> None:
    replace(studio.maker, by_stand_in=True).make(studio.ask())
    paid = studio.ask(studio.cast.bala, person=studio.cast.arjun)

    replace(studio.maker, spend_limit_usd=Decimal("0.02")).make(paid)

    assert studio.state(paid) == "done"


def test_a_demo_with_a_limit_asks_for_nothing_without_a_price(studio: Studio) -> None:
    maker = replace(studio.maker, spend_limit_usd=Decimal(1000), choice=ImageChoice("own-model", "1024x1024", "medium"))
    job_id = studio.ask()

    assert maker.make(job_id) is None

    assert studio.job(job_id).error_code == "demo_spend_limit"


def test_a_cancelled_job_is_never_made(studio: Studio) -> None:
    job_id = studio.ask()

    assert studio.photos.cancel(studio.cast.mei, job_id)
    assert studio.maker.make(job_id) is None

    assert studio.state(job_id) == "cancelled"
    nothing_was_started(studio)


def test_a_job_that_is_over_can_not_be_cancelled(studio: Studio) -> None:
    job_id = studio.make()

    assert not studio.photos.cancel(studio.cast.mei, job_id)
    assert studio.state(job_id) == "done"


def test_another_teacher_can_not_cancel_it(studio: Studio) -> None:
    job_id = studio.ask()

    assert not studio.photos.cancel(studio.cast.arjun, job_id)
    assert studio.state(job_id) == "queued"


def test_without_a_limit_nothing_is_made(studio: Studio) -> None:
    job_id = studio.ask()
    studio.run("delete from limits")

    with pytest.raises(Exception, match="no limit is set"):
        studio.maker.make(job_id)

    assert studio.state(job_id) == "queued"
    nothing_was_started(studio)


def nothing_was_started(studio: Studio) -> None:
    assert studio.stand_in.ledger.requests == 0
    assert (studio.count("openai_usage"), studio.count("rate_limits")) == (0, 0)
