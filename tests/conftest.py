"""Fixtures that any test may ask for; only those that ask for a database start Postgres."""

import gc
import logging
import sys
from collections.abc import Generator, Iterator

import pytest
import structlog
from sqlalchemy import Connection, create_engine

from core.db.addresses import sqlalchemy_url
from core.db.engine import Database
from tests.cast import Cast, found_schools
from tests.network import read_certificates_once, stay_on_this_machine
from tests.postgres import (
    Addresses,
    LastingDatabases,
    Server,
    close_run,
    database_at,
    open_run,
    running_server,
    versions,
)
from tests.reused_databases import ReusedDatabases


def pytest_configure(config: pytest.Config) -> None:
    stay_on_this_machine()
    read_certificates_once()
    if not hasattr(config, "workerinput"):
        open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        close_run()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: to look through it for garbage took a tenth of all the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def _own_program() -> Iterator[None]:
    """Streamlit's tests of pages put a page in the program's place, and processes that start later would run it."""
    program = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = program


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """A command that a test runs in this process sets logs up as it likes, and would silence those of later tests."""
    handlers = logging.root.handlers.copy()
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    """The newest embedded server, or the one that TEST_POSTGRES_URL names; tests/integration/db asks for each."""
    return running_server(getattr(request, "param", versions()[0]))


@pytest.fixture(scope="session")
def lasting() -> Iterator[LastingDatabases]:
    with LastingDatabases() as databases:
        yield databases


@pytest.fixture
def scratch(server: Server, lasting: LastingDatabases) -> Iterator[Connection]:
    """The owner's connection to a database shared by tests, each in a transaction that is rolled back."""
    with lasting.owner_of(server).connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="session")
def reused() -> Iterator[ReusedDatabases]:
    with ReusedDatabases() as databases:
        yield databases


@pytest.fixture
def addresses(server: Server, reused: ReusedDatabases) -> Iterator[Addresses]:
    """A migrated, empty database of the test's own."""
    with reused.lend(server) as addresses:
        yield addresses


@pytest.fixture
def database(addresses: Addresses) -> Iterator[Database]:
    """That database as the app and the worker reach it."""
    with database_at(addresses) as database:
        yield database


@pytest.fixture
def owner(addresses: Addresses) -> Iterator[Connection]:
    """That database past every policy; each statement commits by itself."""
    engine = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def cast(owner: Connection) -> Cast:
    """Two schools with people, classes and a student each."""
    return found_schools(owner)
