"""The staffroom command, run as a process of its own over a studio's database and data folder."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.integration.photos.studio import Studio, wait_until

KEY = "sk-made-up-for-this-test"
STAFFROOM = str(Path(sys.executable).with_name("staffroom"))
LANES = 2
"""A worker fetches for single portraits and for classes, each time under a name of its own."""


def environment(studio: Studio, provider: str) -> dict[str, str]:
    return {
        "STAFFROOM_MODE": "production",
        "DATABASE_URL": studio.addresses.app,
        "WORKER_DATABASE_URL": studio.addresses.worker,
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": provider,
    }


@contextmanager
def worker_processes(
    studio: Studio, provider: str, *, how_many: int = 1, concurrency: int = 4, besides: Mapping[str, str] | None = None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Each ready to fetch, with `besides` in its environment; killed in the end if they are still there."""
    command = [STAFFROOM, "worker", "--concurrency", str(concurrency)]
    own = {"STAFFROOM_DATA_DIR": str(studio.maker.data_dir), "LOG_LEVEL": "error"}
    told = {**os.environ, **environment(studio, provider), **own, **(besides or {})}
    started = [subprocess.Popen(command, env=told) for _ in range(how_many)]
    try:
        wait_until(lambda: studio.count("procrastinate.procrastinate_workers") == LANES * how_many)
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait(60)
