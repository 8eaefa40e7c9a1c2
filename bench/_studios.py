"""Databases for benches: a server for the run, and a studio in a database of its own whenever one is asked for."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.db.embedded import EmbeddedPostgres
from core.log import set_up_logs
from core.settings import LogLevel
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, open_studio, served
from tests.postgres import NEWEST, Server, close_run, open_run, running_server


@contextmanager
def server_of_this_run() -> Iterator[Server]:
    set_up_logs(LogLevel.ERROR)
    open_run()
    try:
        server = running_server(NEWEST)
        # The first one makes the template of all others, which threads can't do at the same time.
        with server.migrated_database():
            yield server
    finally:
        close_run()


@contextmanager
def durable_server() -> Iterator[Server]:
    """As the app itself runs one: what is committed is on the disk, which the tests' server leaves out."""
    with server_of_this_run(), tempfile.TemporaryDirectory(prefix="sr-", ignore_cleanup_errors=True) as folder:
        postgres = EmbeddedPostgres(Path(folder))
        postgres.start()
        server = Server(postgres.address("postgres", "postgres"))
        with server.migrated_database():
            yield server
        postgres.stop()


@contextmanager
def studio_of(server: Server, stand_in: NotingStandIn) -> Iterator[tuple[Studio, str]]:
    """With the address at which the stand-in answers."""
    with (
        server.migrated_database() as addresses,
        tempfile.TemporaryDirectory(prefix="sr-", ignore_cleanup_errors=True) as folder,
        served(stand_in) as provider,
        open_studio(addresses, Path(folder), stand_in) as studio,
    ):
        yield studio, provider
