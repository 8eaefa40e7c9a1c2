"""A Postgres of the test's own, which may be stopped; whoever finds it gone starts it again, as in the app."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db.embedded import EmbeddedPostgres
from core.db.engine import Database, build_engine
from core.db.preparing import APP_LOGIN, DATABASE, OWNER, WORKER_LOGIN, prepare_embedded
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
    database = Database(
        app=build_engine(addresses.app, pool_size=4, revive=own_server.start),
        worker=build_engine(addresses.worker, pool_size=6, revive=own_server.start),
    )
    yield database
    database.close()
