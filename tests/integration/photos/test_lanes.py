"""Who is made when: at the pace of the limit, a single portrait before any class, two classes side by side."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Event
from time import sleep
from uuid import UUID

import pytest

from core.demo.faults import Fault
from core.demo.pauses import Timing
from core.jobs import worker
from core.photos.storage import LocalPhotoStorage
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, wait_until, working

PLACES = 2
GAP_S = 0.3
LONGER_THAN_A_LOOK_S = 1.5


@pytest.fixture
def stand_in() -> NotingStandIn:
    """With `HANG_BILLED` it answers when it is closed."""
    return NotingStandIn(Timing(image_s=0, hang_s=3600))


@pytest.mark.parametrize("is_own", [True, False])
def test_a_single_portrait_starts_at_once_however_busy_the_classes_are(
    studio: Studio, stand_in: NotingStandIn, is_own: bool
) -> None:
    studio.pace_batches()
    stand_in.faults.always(Fault.HANG_BILLED)
    batch_id = studio.start_batch(studio.enrol(PLACES + 3))
    with working(studio.worker(concurrency=PLACES)):
        wait_until(lambda: stand_in.ledger.billed_images == PLACES)
        single = studio.ask() if is_own else studio.ask(studio.cast.bala, person=studio.cast.arjun)
        wait_until(lambda: studio.state(single) == "calling")
        busy = states_of(studio, batch_id)
        stand_in.close()
        wait_until(lambda: studio.batch(batch_id).state == "finished")

    assert sorted(busy) == ["calling"] * PLACES + ["queued"] * 3


def test_two_teachers_classes_take_turns(studio: Studio) -> None:
    many = 4
    studio.pace_batches(gap_s=60)
    meis = studio.start_batch(studio.enrol(many))
    arjuns = studio.start_batch(studio.enrol(many, class_id=studio.cast.courage), person=studio.cast.arjun)
    # As on the day after: all are due, and the limit holds nobody up.
    studio.run("update procrastinate.procrastinate_jobs set scheduled_at = null")
    studio.pace_batches()

    with working(studio.worker(concurrency=1)):
        wait_until(lambda: {studio.batch(meis).state, studio.batch(arjuns).state} == {"finished"})

    order = [row.batch_id for row in studio.rows("select batch_id from photo_jobs order by called_at")]
    assert order == [meis, arjuns] * many


def test_starts_keep_their_distance_and_wait_for_no_look_into_the_queue(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_S", 600)
    studio.pace_batches(gap_s=GAP_S)
    batch_id = studio.start_batch(studio.enrol(5))

    with working(studio.worker()):
        wait_until(lambda: studio.batch(batch_id).state == "finished")

    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(studio.slots())]
    assert min(gaps) >= GAP_S


def test_while_a_portrait_is_stored_the_next_one_is_called_and_no_more_than_that(
    studio: Studio, stand_in: NotingStandIn
) -> None:
    studio.pace_batches()
    store = SlowStore(studio.maker.data_dir / "photos")
    maker = replace(studio.maker, finisher=replace(studio.maker.finisher, storage=store))
    batch_id = studio.start_batch(studio.enrol(4))
    with working(studio.worker(maker=maker, concurrency=1)):
        wait_until(lambda: states_of(studio, batch_id).count("received") == 2)
        sleep(LONGER_THAN_A_LOOK_S)
        meanwhile = stand_in.ledger.requests
        store.may_go_on.set()
        wait_until(lambda: studio.batch(batch_id).state == "finished")

    assert meanwhile == 2
    assert states_of(studio, batch_id) == ["done"] * 4
    assert stand_in.ledger.requests == 4


class SlowStore(LocalPhotoStorage):
    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.may_go_on = Event()

    def put(self, key: str, data: bytes, content_type: str) -> None:
        self.may_go_on.wait(120)
        super().put(key, data, content_type)


def states_of(studio: Studio, batch_id: UUID) -> list[str]:
    return [studio.state(job_id) for job_id in studio.jobs_of(batch_id)]
