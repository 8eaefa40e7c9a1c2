"""Keeps one Postgres server for a test run and ends it with the run, however that ends.

Started by the first test that needs the server: `python -m tests.postgres_keeper FOLDER VERSION PID`.
"""

import atexit
import shutil
import signal
import sys
import threading
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2

from core.db.embedded import EmbeddedPostgres

# Nothing here has to survive a power cut; a kill -9 needs none of this. Nor does it live long enough to be tidied up.
_FAST = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "max_connections = 300",
)


def main(folder: Path, version: int, run_pid: int) -> None:
    told_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.set())
    # Ctrl-C is for the run, which then tells us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = psutil.Process(run_pid)
    # Registered before the server's own end at exit, so it runs after that.
    atexit.register(_leave_nothing, folder, run)
    _write_atomically(folder / "address", _started(EmbeddedPostgres(folder, version=version)))
    while run.is_running() and not told_to_stop.wait(0.5):
        pass


def _leave_nothing(folder: Path, run: psutil.Process) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if not run.is_running():
        shutil.rmtree(folder.parent, ignore_errors=True)


def _started(server: EmbeddedPostgres) -> str:
    server.start()
    with closing(psycopg2.connect(server.address("postgres", "postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for setting in _FAST:
                cursor.execute(f"alter system set {setting}")
    server.stop()
    server.start()
    return server.address("postgres", "postgres")


def _write_atomically(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text)
    unfinished.rename(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
