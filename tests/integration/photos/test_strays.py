"""Jobs whose delivery was lost: the worker finds them by itself."""

from uuid import UUID

import pytest

from core.demo.faults import Fault
from core.photos.strays import return_strays
from tests.integration.photos.studio import Studio, wait_until, working


@pytest.mark.parametrize(("left_in", "end"), [("queued", "done"), ("reserved", "done"), ("calling", "unconfirmed")])
def test_a_job_that_the_queue_lost_is_ended_all_the_same(studio: Studio, left_in: str, end: str) -> None:
    job_id = lost_job(studio, left_in)

    with working(studio.worker()):
        wait_until(lambda: studio.state(job_id) == end)

    assert len([row for row in studio.attempts(job_id) if row.state == "settled"]) == 1


def test_a_job_in_the_queue_is_not_put_there_again(studio: Studio) -> None:
    studio.ask()

    assert return_strays(studio.database) == 0


@pytest.mark.parametrize("fault", [Fault.NONE, Fault.BAD_REQUEST, Fault.SERVER_ERROR])
def test_a_job_that_is_over_is_left_alone(studio: Studio, fault: Fault) -> None:
    studio.stand_in.faults.always(fault)
    studio.make()
    forget_the_queue(studio)

    assert return_strays(studio.database) == 0


def lost_job(studio: Studio, state: str) -> UUID:
    """As a worker that is gone left it, with no delivery in the queue."""
    job_id = studio.ask()
    forget_the_queue(studio)
    if state != "queued":
        studio.run("select private.claim_portrait(:id, 'gone', 'key', 'gpt-image-2.5-flare', 0.01)", id=job_id)
    if state == "calling":
        studio.run("update photo_jobs set state = 'calling', called_at = now() where id = :id", id=job_id)
    return job_id


def forget_the_queue(studio: Studio) -> None:
    studio.run("truncate procrastinate.procrastinate_jobs cascade")
