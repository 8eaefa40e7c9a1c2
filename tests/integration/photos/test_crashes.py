"""kill -9 of the worker wherever a portrait may be: nothing paid is lost, nothing is paid twice."""

import multiprocessing
import signal
from collections.abc import Iterator
from time import monotonic, sleep
from uuid import UUID

import pytest

from core.demo.faults import Fault
from tests.integration.photos import crashing
from tests.integration.photos.studio import Studio, served, working

# One process that has imported everything already; each worker to be killed is a fork of it.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([crashing.__name__])

# Half of it is for machines that are busy with other tests.
IN_TIME_S = 20


@pytest.fixture
def provider(studio: Studio) -> Iterator[str]:
    with served(studio.stand_in) as address:
        yield address


@pytest.mark.parametrize(
    ("point", "end"),
    [
        ("after queued", "done"),
        ("inside reserved", "done"),
        ("after reserved", "done"),
        ("inside calling", "done"),
        ("after calling", "unconfirmed"),
        ("reply in memory", "unconfirmed"),
        ("after the spool", "done"),
        ("inside received", "done"),
        ("after received", "done"),
        ("after the upload", "done"),
        ("inside done", "done"),
        ("after done", "done"),
    ],
)
def test_a_killed_worker_leaves_a_job_that_the_next_one_ends(
    studio: Studio, provider: str, point: str, end: str
) -> None:
    job_id = studio.ask()
    killed = start(studio, provider, point)
    killed.join(20)
    assert killed.exitcode == -signal.SIGKILL

    next_worker_ends(studio, job_id)

    assert studio.state(job_id) == end
    assert studio.stand_in.ledger.billed_images <= 1
    nothing_is_paid_twice_or_forgotten(studio, job_id)


def test_killed_while_the_provider_draws(studio: Studio, provider: str) -> None:
    studio.stand_in.faults.always(Fault.HANG_BILLED)
    job_id = studio.ask()
    killed = start(studio, provider, "never")
    while not studio.stand_in.ledger.billed_images:
        sleep(0.01)
    killed.kill()
    killed.join(20)

    next_worker_ends(studio, job_id)

    assert studio.state(job_id) == "unconfirmed"
    assert studio.stand_in.ledger.requests == 1
    nothing_is_paid_twice_or_forgotten(studio, job_id)


def start(studio: Studio, provider: str, point: str) -> multiprocessing.context.ForkServerProcess:
    process = FORKS.Process(
        target=crashing.work, args=(studio.addresses, studio.maker.data_dir, provider, point), daemon=True
    )
    process.start()
    return process


def next_worker_ends(studio: Studio, job_id: UUID) -> None:
    give_up_at = monotonic() + IN_TIME_S
    with working(studio.worker()):
        while studio.count("procrastinate.procrastinate_jobs") or studio.count("photo_replies"):
            assert monotonic() < give_up_at, studio.job(job_id)
            sleep(0.05)


def nothing_is_paid_twice_or_forgotten(studio: Studio, job_id: UUID) -> None:
    rows = studio.attempts(job_id)
    assert [row.state for row in rows if row.state != "released"] == ["settled"]
    charged = [row for row in rows if row.estimated_cost]
    assert len(charged) >= studio.stand_in.ledger.billed_images
    assert studio.spool.waiting() == []
    assert studio.job(job_id).error_code == rows[-1].error
    if studio.state(job_id) == "unconfirmed":
        assert rows[-1].error == "answer_lost"
    else:
        assert studio.photo(job_id).is_current
        assert charged[0].cost_source == "reported"
