"""What stops a class's portraits: the provider, a person, or a key that has to rest."""

from datetime import timedelta

import pytest

from core.demo.faults import Fault
from core.demo.pauses import Timing
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, wait_until, working

PLACES = 2
STUDENTS = 8
A_CLAIM_MAY_TAKE = timedelta(seconds=0.5)


@pytest.fixture
def stand_in() -> NotingStandIn:
    """With `HANG_BILLED` it answers when it is closed."""
    return NotingStandIn(Timing(hang_s=60), retry_after_s=2)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.INSUFFICIENT_QUOTA, "insufficient_quota"),
        (Fault.UNAUTHORIZED, "key_rejected"),
        (Fault.MODEL_RETIRED, "model_retired"),
    ],
)
def test_what_would_fail_for_every_student_is_asked_once_a_place_and_then_the_class_waits(
    studio: Studio, stand_in: NotingStandIn, fault: Fault, reason: str
) -> None:
    studio.pace_batches()
    stand_in.faults.always(fault)
    batch_id = studio.start_batch(studio.enrol(STUDENTS))
    with working(studio.worker(concurrency=PLACES)):
        wait_until(lambda: studio.count("procrastinate.procrastinate_jobs") == 0)
        paused, refused = studio.batch(batch_id), stand_in.ledger.requests
        waiting = states(studio).count("queued")
        stand_in.faults.always()
        studio.class_photos.resume(studio.cast.mei, batch_id)
        wait_until(lambda: studio.batch(batch_id).state == "finished")
        again = studio.class_photos.retry_failed(studio.cast.mei, batch_id)
        wait_until(lambda: studio.batch(batch_id).state == "finished")

    assert (paused.state, paused.pause_reason) == ("paused", reason)
    assert 1 <= refused <= PLACES
    assert (waiting, again) == (STUDENTS - refused, refused)
    assert states(studio).count("done") == stand_in.ledger.billed_images == STUDENTS


def test_a_busy_provider_is_left_alone_by_everybody_who_uses_the_key(studio: Studio, stand_in: NotingStandIn) -> None:
    studio.pace_batches()
    stand_in.faults.upcoming(Fault.RATE_LIMITED_RETRY_AFTER)
    batch_id = studio.start_batch(studio.enrol(4))
    with working(studio.worker(concurrency=PLACES)):
        wait_until(lambda: studio.count("provider_pauses") == 1)
        single = studio.ask(studio.cast.bala, person=studio.cast.arjun)
        wait_until(lambda: studio.job(single).wait_reason == "provider")
        pause = studio.one("select * from provider_pauses")
        wait_until(lambda: studio.batch(batch_id).state == "finished" and studio.state(single) == "done")

    called = [row.called_at for row in studio.rows("select called_at from photo_jobs")]
    assert pause.paused_until - pause.created_at >= timedelta(seconds=1.9)
    assert not [at for at in called if pause.created_at + A_CLAIM_MAY_TAKE < at < pause.paused_until]
    assert studio.job(single).called_at >= pause.paused_until
    assert states(studio).count("done") == stand_in.ledger.billed_images == 5


def test_a_cancelled_class_s_portraits_in_the_making_are_finished_and_no_other_is_begun(
    studio: Studio, stand_in: NotingStandIn
) -> None:
    studio.pace_batches()
    stand_in.faults.always(Fault.HANG_BILLED)
    batch_id = studio.start_batch(studio.enrol(5))
    with working(studio.worker(concurrency=PLACES)):
        wait_until(lambda: stand_in.ledger.billed_images == PLACES)
        assert studio.class_photos.cancel(studio.cast.mei, batch_id)
        cancelled = studio.batch(batch_id)
        stand_in.close()
        wait_until(lambda: studio.batch(batch_id).finished_at is not None)
        wait_until(lambda: studio.count("procrastinate.procrastinate_jobs") == 0)

    assert (cancelled.state, cancelled.finished_at) == ("cancelled", None)
    assert sorted(states(studio)) == ["cancelled"] * 3 + ["done"] * PLACES
    assert stand_in.ledger.requests == PLACES


def test_a_class_that_a_person_paused_begins_nothing_until_it_goes_on(studio: Studio, stand_in: NotingStandIn) -> None:
    studio.pace_batches()
    stand_in.faults.upcoming(*[Fault.HANG_BILLED] * PLACES)
    batch_id = studio.start_batch(studio.enrol(5))
    with working(studio.worker(concurrency=PLACES)):
        wait_until(lambda: stand_in.ledger.billed_images == PLACES)
        assert studio.class_photos.pause(studio.cast.mei, batch_id)
        stand_in.close()
        wait_until(lambda: studio.count("procrastinate.procrastinate_jobs") == 0)
        while_paused = sorted(states(studio))
        assert studio.class_photos.resume(studio.cast.mei, batch_id)
        wait_until(lambda: studio.batch(batch_id).state == "finished")

    assert while_paused == ["done"] * PLACES + ["queued"] * 3
    assert states(studio) == ["done"] * 5


def states(studio: Studio) -> list[str]:
    """How each student of a class or by themselves stands, by their newest job."""
    rows = studio.rows("select distinct on (student_id) state from photo_jobs order by student_id, created_at desc")
    return [row.state for row in rows]
