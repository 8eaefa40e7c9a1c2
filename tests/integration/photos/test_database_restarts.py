"""Postgres itself stops under a worker that waits for a paid reply."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from core.db.embedded import EmbeddedPostgres
from core.db.engine import Database, build_engine
from core.db.preparing import APP_LOGIN, DATABASE, OWNER, WORKER_LOGIN, prepare_embedded
from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing
from core.photos import job_rows
from core.photos.job import JobState
from tests.integration.photos.studio import Studio, wait_until, working
from tests.postgres import Addresses


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="sr-", dir="/tmp") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        prepare_embedded(server)
        yield server
        server.stop()


@pytest.fixture
def addresses(own_server: EmbeddedPostgres) -> Addresses:
    logins = ("postgres", OWNER, APP_LOGIN, WORKER_LOGIN)
    return Addresses(*(own_server.address(login, DATABASE) for login in logins))


@pytest.fixture
def database(addresses: Addresses, own_server: EmbeddedPostgres) -> Iterator[Database]:
    """As the app builds it: whoever finds the server gone starts it again."""
    database = Database(
        app=build_engine(addresses.app, pool_size=2, revive=own_server.start),
        worker=build_engine(addresses.worker, pool_size=6, revive=own_server.start),
    )
    yield database
    database.close()


@pytest.fixture
def stand_in() -> StandIn:
    """With `HANG_BILLED` it answers when it is closed."""
    return make_app(timing=Timing(hang_s=60))


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
