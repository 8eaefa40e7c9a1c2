"""Replies that come after the deadline: they were paid, so nothing of them is lost."""

from uuid import UUID, uuid4

import pytest

from core.clients.openai_images import OpenAIImages
from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing
from core.photos.spool_care import revisit
from tests.integration.photos.small_pictures import draw_small
from tests.integration.photos.studio import Studio, wait_until
from tests.integration.photos.sweeping import received, repaired


@pytest.fixture
def stand_in() -> StandIn:
    """With `HANG_BILLED` it answers when it is closed."""
    return make_app(timing=Timing(hang_s=600), draw=draw_small)


@pytest.fixture
def late(studio: Studio, stand_in: StandIn, socket_images: OpenAIImages) -> UUID:
    """Ana's job, given up on before the reply came; the reply is in the spool by now."""
    stand_in.faults.upcoming(Fault.HANG_BILLED)
    job_id = studio.ask()
    studio.over(socket_images, deadline_s=0.2).make(job_id)
    assert studio.state(job_id) == "unconfirmed"
    assert studio.attempts(job_id)[0].cost_source == "possible"
    stand_in.close()
    wait_until(lambda: studio.spool.waiting() == [(job_id, 1)])
    return job_id


def test_a_late_reply_is_noticed_and_put_into_the_queue_once(studio: Studio, late: UUID) -> None:
    studio.run("truncate procrastinate.procrastinate_jobs cascade")

    revisit(studio.database, studio.spool)
    revisit(studio.database, studio.spool)

    (deferred,) = studio.rows("select args from procrastinate.procrastinate_jobs")
    assert deferred.args == {"job_id": str(late)}


def test_a_late_reply_becomes_the_picture_and_the_exact_cost(studio: Studio, late: UUID) -> None:
    assert studio.maker.make(late) is None

    job, (row,) = studio.job(late), studio.attempts(late)
    assert (job.state, job.cost_source, job.error_code) == ("done", "reported", None)
    assert (row.state, row.cost_source, row.error) == ("settled", "reported", None)
    assert row.estimated_cost == job.cost_usd
    assert studio.spool.waiting() == []
    assert studio.photo(late).is_current
    assert studio.stand_in.ledger.requests == 1


def test_a_reply_that_turns_up_after_the_holidays_is_a_picture_like_any_other(studio: Studio, late: UUID) -> None:
    studio.run("update photo_jobs set called_at = called_at - interval '60 days' where id = :id", id=late)

    assert studio.maker.make(late) is None

    assert studio.state(late) == "done"
    assert studio.attempts(late)[0].duration_ms == 24 * 60 * 60 * 1000


def test_a_late_reply_waits_until_the_portrait_asked_for_meanwhile_is_made(studio: Studio, late: UUID) -> None:
    again = studio.ask(retry_of=late)

    assert studio.maker.make(late) is None

    assert studio.state(late) == "unconfirmed"
    assert studio.spool.waiting() == [(late, 1)]
    studio.maker.make(again)
    studio.maker.make(late)
    assert (studio.state(late), studio.state(again)) == ("done", "done")


def test_both_costs_are_exact_and_the_newer_photo_stays(studio: Studio, late: UUID) -> None:
    again = studio.ask(retry_of=late)
    studio.maker.make(again)

    studio.maker.make(late)

    rows = [*studio.attempts(late), *studio.attempts(again)]
    assert [row.cost_source for row in rows] == ["reported", "reported"]
    assert len(rows) == studio.stand_in.ledger.billed_images == 2
    assert studio.photo(again).is_current
    assert not studio.photo(late).is_current


def test_a_kept_reply_whose_job_is_over_is_forgotten(studio: Studio, late: UUID) -> None:
    studio.maker.make(late)
    studio.spool.write(late, 1, b"{}")

    revisit(studio.database, studio.spool)

    assert studio.spool.waiting() == []


def test_a_reply_of_a_job_that_the_database_does_not_know_is_kept(studio: Studio) -> None:
    job_id = uuid4()
    studio.spool.write(job_id, 1, b"paid for")

    revisit(studio.database, studio.spool)

    assert studio.spool.waiting() == [(job_id, 1)]


def kept_for(studio: Studio, fault: Fault) -> tuple[UUID, int]:
    """A reply in the spool of a job that is over."""
    studio.stand_in.faults.upcoming(fault)
    job_id = studio.make()
    studio.spool.write(job_id, 1, b"paid for")
    revisit(studio.database, studio.spool)
    return job_id, 1


def test_a_reply_that_held_no_picture_is_forgotten(studio: Studio) -> None:
    kept_for(studio, Fault.NOT_AN_IMAGE)

    assert studio.spool.waiting() == []


def test_a_reply_of_a_job_that_failed_without_it_is_kept(studio: Studio) -> None:
    kept = kept_for(studio, Fault.MODERATION_BLOCKED)

    assert studio.spool.waiting() == [kept]


def test_a_reply_of_a_job_that_was_taken_back_is_kept(studio: Studio) -> None:
    job_id = studio.ask()
    studio.photos.cancel(studio.cast.mei, job_id)
    studio.spool.write(job_id, 0, b"paid for")

    revisit(studio.database, studio.spool)

    assert studio.spool.waiting() == [(job_id, 0)]


def test_a_reply_of_another_attempt_is_kept(studio: Studio) -> None:
    job_id = studio.make()
    studio.spool.write(job_id, 2, b"paid for")

    revisit(studio.database, studio.spool)

    assert studio.spool.waiting() == [(job_id, 2)]


def test_a_reply_is_kept_when_the_one_that_was_received_is_gone(studio: Studio) -> None:
    job_id = received(studio)
    studio.run("delete from photo_replies")
    studio.spool.write(job_id, 1, b"paid for")

    revisit(studio.database, studio.spool)

    assert studio.spool.waiting() == [(job_id, 1)]


def test_a_reply_that_was_lost_here_and_lies_on_another_machine_is_kept(studio: Studio) -> None:
    job_id = received(studio)
    studio.run("delete from photo_replies")
    repaired(studio)
    assert studio.job(job_id).error_code == "reply_lost"
    studio.spool.write(job_id, 1, b"paid for")

    revisit(studio.database, studio.spool)

    assert studio.spool.waiting() == [(job_id, 1)]
    assert repaired(studio) == [("unclaimed_in_spool", f"{job_id}.1", False)]
