"""SIGTERM: nothing new is begun, what is in flight is finished, and the process ends within two minutes."""

import multiprocessing
from collections.abc import Iterator
from subprocess import TimeoutExpired
from time import monotonic

import pytest

from core.clients.openai_images import DEADLINE_S
from core.demo.faults import Fault
from core.demo.pauses import Timing
from core.jobs.ending import LONGEST_END_S
from tests.integration.photos import hanging
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.programs import worker_processes
from tests.integration.photos.studio import Studio, served, wait_until, working

pytestmark = pytest.mark.processes

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([hanging.__name__])


@pytest.fixture
def stand_in() -> NotingStandIn:
    """With `HANG_BILLED` it answers when it is closed."""
    return NotingStandIn(Timing(hang_s=60))


@pytest.fixture
def provider(stand_in: NotingStandIn) -> Iterator[str]:
    with served(stand_in) as address:
        yield address


def test_a_worker_that_is_told_to_end_finishes_its_call_and_leaves_the_others_waiting(
    studio: Studio, stand_in: NotingStandIn, provider: str
) -> None:
    stand_in.faults.always(Fault.HANG_BILLED)
    studio.pace_batches()
    with worker_processes(studio, provider, concurrency=1) as (worker,):
        jobs = studio.jobs_of(studio.start_batch(studio.enrol(3)))
        wait_until(lambda: stand_in.ledger.billed_images == 1)
        worker.terminate()
        with pytest.raises(TimeoutExpired):
            worker.wait(1.5)
        single = studio.ask()

        stand_in.close()

        assert worker.wait(60) == 0
    assert [studio.state(job_id) for job_id in (*jobs, single)] == ["done", "queued", "queued", "queued"]
    assert stand_in.ledger.requests == 1


def test_a_worker_that_hangs_ends_all_the_same_and_the_next_one_goes_on_from_there(
    studio: Studio, stand_in: NotingStandIn, provider: str
) -> None:
    job_id = studio.ask()
    process = FORKS.Process(
        target=hanging.work, args=(studio.addresses, studio.maker.data_dir, provider, 1.5), daemon=True
    )
    process.start()
    wait_until(lambda: studio.state(job_id) == "received")

    process.terminate()
    told_at = monotonic()
    process.join(60)

    assert 1.5 <= monotonic() - told_at < 60
    assert process.exitcode == 1
    with working(studio.worker()):
        wait_until(lambda: studio.state(job_id) == "done")
    assert stand_in.ledger.requests == studio.count("photos") == 1


def test_a_call_ends_before_the_worker_is_ended_and_that_before_it_is_killed() -> None:
    assert DEADLINE_S + 10 <= LONGEST_END_S <= 120 - 5
