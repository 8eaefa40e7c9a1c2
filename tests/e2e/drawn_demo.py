"""A demo whose portraits are drawn: made once a run, and copied for every server that wants one."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from core.db.addresses import sqlalchemy_url
from tests.e2e.browsing import by_recording_command, running_app, short_folder
from tests.postgres import only_one, run_folder

DRAWN_WITHIN_S = 180


@contextmanager
def drawn_demo() -> Iterator[Path]:
    """A data folder to start the app over, gone in the end."""
    with short_folder() as folder:
        # Owners and rights stay: as root, Postgres runs as a user of its own.
        subprocess.run(["cp", "-a", f"{_original()}/.", str(folder)], check=True)
        yield folder


@contextmanager
def owner_of(folder: Path) -> Iterator[Connection]:
    """The database in a data folder past every policy, while a server runs over it."""
    url = f"postgresql://staffroom_owner@/staffroom?host={folder}/postgres"
    engine = create_engine(sqlalchemy_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def wait_until_drawn(folder: Path) -> None:
    """The demo's first portraits are drawn after its first start, and take the processors for a while."""
    give_up_at = time.monotonic() + DRAWN_WITHIN_S
    undrawn = text("select count(*) from photo_jobs where state in ('queued', 'reserved', 'calling', 'received')")
    with owner_of(folder) as owner:
        while owner.execute(undrawn).scalar_one():
            assert time.monotonic() < give_up_at
            time.sleep(0.2)


def _original() -> Path:
    """Nothing runs over it any more: a copy of a database that runs would be none."""
    original = run_folder() / "demo"
    with only_one("demo"):
        if not original.exists():
            unfinished = run_folder() / "demo-unfinished"
            with running_app(unfinished, start=by_recording_command):
                wait_until_drawn(unfinished)
            assert not (unfinished / "postgres" / "postmaster.pid").exists()
            unfinished.rename(original)
    return original
