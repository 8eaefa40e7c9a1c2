"""A worker that kills its own process at a chosen point of a portrait's way."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.clients.openai_client import build_openai
from core.clients.openai_images import OpenAIImages
from core.db.engine import Database, build_engine
from core.jobs.worker import Worker
from core.photos.maker import PortraitMaker
from core.photos.spool import Spool
from core.photos.storage import LocalPhotoStorage
from tests.integration.photos.studio import build_maker
from tests.postgres import Addresses

_STATE = text("select state from photo_jobs")


class Fuse:
    """Ends the process, as kill -9 does, where `point` is passed."""

    def __init__(self, point: str) -> None:
        self._point = point

    def pass_by(self, point: str) -> None:
        if point == self._point:
            os.kill(os.getpid(), signal.SIGKILL)


class FusedDatabase(Database):
    """Passes `inside <state>` before a transaction commits and `after <state>` when it has."""

    def __init__(self, address: str, fuse: Fuse) -> None:
        engine = build_engine(address, pool_size=4)
        super().__init__(app=engine, worker=engine)
        self._fuse = fuse

    @contextmanager
    def as_worker(self) -> Iterator[Session]:
        with super().as_worker() as session:
            yield session
            session.flush()
            state = session.scalar(_STATE)
            self._fuse.pass_by(f"inside {state}")
        self._fuse.pass_by(f"after {state}")


class FusedSpool(Spool):
    def __init__(self, root: Path, fuse: Fuse) -> None:
        super().__init__(root)
        self._fuse = fuse

    def write(self, job_id: UUID, attempt: int, body: bytes) -> None:
        self._fuse.pass_by("reply in memory")
        super().write(job_id, attempt, body)
        self._fuse.pass_by("after the spool")


class FusedStore(LocalPhotoStorage):
    def __init__(self, root: Path, fuse: Fuse) -> None:
        super().__init__(root)
        self._fuse = fuse

    def put(self, key: str, data: bytes, content_type: str) -> None:
        super().put(key, data, content_type)
        if "thumb" in key:
            self._fuse.pass_by("after the upload")


def work(addresses: Addresses, folder: Path, provider: str, point: str) -> None:
    """A real worker with a fuse in everything that it uses; runs until killed."""
    database = Database(
        app=build_engine(addresses.app, pool_size=1), worker=build_engine(addresses.worker, pool_size=4)
    )
    client = build_openai(api_key="sk-made-up", base_url=provider)
    Worker(
        address=addresses.worker,
        database=database,
        make_portrait=_fused_maker(addresses, folder, OpenAIImages(client), Fuse(point)).make,
        care=lambda: None,
        concurrency=4,
    ).run()


def _fused_maker(addresses: Addresses, folder: Path, images: OpenAIImages, fuse: Fuse) -> PortraitMaker:
    database = FusedDatabase(addresses.worker, fuse)
    maker = build_maker(database, folder, images)
    return replace(
        maker,
        spool=FusedSpool(folder / "spool", fuse),
        finisher=replace(maker.finisher, storage=FusedStore(folder / "photos", fuse)),
    )
