"""Postgres itself stops under a worker that waits for a paid reply."""

from uuid import UUID

import pytest

from core.db.embedded import EmbeddedPostgres
from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing
from core.photos import job_rows
from core.photos.job import JobState
from tests.integration.own_server import addresses, database, own_server
from tests.integration.photos.small_pictures import draw_small
from tests.integration.photos.studio import Studio, wait_until, working

pytestmark = pytest.mark.processes

__all__ = ["addresses", "database", "own_server"]


@pytest.fixture
def stand_in() -> StandIn:
    """With `HANG_BILLED` it answers when it is closed."""
    return make_app(timing=Timing(hang_s=60), draw=draw_small)


def test_the_worker_starts_the_server_again_and_the_paid_portrait_is_kept(
    studio: Studio, own_server: EmbeddedPostgres
) -> None:
    studio.stand_in.faults.always(Fault.HANG_BILLED)
    job_id = studio.ask()

    with working(studio.worker()):
        wait_until(lambda: studio.stand_in.ledger.billed_images == 1)
        own_server.stop()
        studio.stand_in.close()
        wait_until(lambda: state(studio, job_id) is JobState.DONE)

        again = studio.ask(studio.cast.bala, person=studio.cast.arjun)
        wait_until(lambda: state(studio, again) is JobState.DONE)

    assert studio.stand_in.ledger.billed_images == 2


def state(studio: Studio, job_id: UUID) -> JobState | None:
    """Read as the worker does, since the test's own connection ended with the server."""
    with studio.database.as_worker() as session:
        job = job_rows.job(session, job_id)
    return job.state if job else None
