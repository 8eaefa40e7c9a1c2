"""A worker that kills its own process at a chosen point of a portrait's way."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
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

POINTS = {
    "after queued": "done",
    "inside reserved": "done",
    "after reserved": "done",
    "inside calling": "done",
    "after calling": "unconfirmed",
    "reply in memory": "unconfirmed",
    "after the spool": "done",
    "inside received": "done",
    "after received": "done",
    "after the upload": "done",
    "inside done": "done",
    "after done": "done",
}
"""Where a worker may die by itself, and how the portrait ends that was there; `after queued` is before its claim."""

CONCURRENCY = 2

_STATE = text("select state from photo_jobs where id = :job")


@dataclass(frozen=True)
class Spark:
    """Where the process is to end, which portrait that comes by is the one, and the file that will name it."""

    point: str
    at_portrait: int
    burned: Path


class Fuse:
    """Ends the process, as kill -9 does."""

    def __init__(self, spark: Spark) -> None:
        self._spark = spark
        self._passed: set[UUID] = set()
        self._threads = threading.Lock()

    def pass_by(self, point: str, job_id: UUID) -> None:
        if point != self._spark.point:
            return
        with self._threads:
            self._passed.add(job_id)
            if len(self._passed) >= self._spark.at_portrait:
                self._spark.burned.write_text(str(job_id))
                os.kill(os.getpid(), signal.SIGKILL)


class InHand(threading.local):
    """The portrait that this thread makes."""

    job_id = UUID(int=0)


class FusedDatabase(Database):
    """Passes `inside <state>` before a transaction commits and `after <state>` when it has."""

    def __init__(self, address: str, fuse: Fuse, in_hand: InHand) -> None:
        engine = build_engine(address, pool_size=4)
        super().__init__(app=engine, worker=engine)
        self._fuse = fuse
        self._in_hand = in_hand

    @contextmanager
    def as_worker(self) -> Iterator[Session]:
        job_id = self._in_hand.job_id
        with super().as_worker() as session:
            yield session
            session.flush()
            state = session.scalar(_STATE, {"job": job_id})
            self._fuse.pass_by(f"inside {state}", job_id)
        self._fuse.pass_by(f"after {state}", job_id)


class FusedSpool(Spool):
    def __init__(self, root: Path, fuse: Fuse) -> None:
        super().__init__(root)
        self._fuse = fuse

    def write(self, job_id: UUID, attempt: int, body: bytes) -> None:
        self._fuse.pass_by("reply in memory", job_id)
        super().write(job_id, attempt, body)
        self._fuse.pass_by("after the spool", job_id)


class FusedStore(LocalPhotoStorage):
    def __init__(self, root: Path, fuse: Fuse, in_hand: InHand) -> None:
        super().__init__(root)
        self._fuse = fuse
        self._in_hand = in_hand

    def put(self, key: str, data: bytes, content_type: str) -> None:
        super().put(key, data, content_type)
        if "thumb" in key:
            self._fuse.pass_by("after the upload", self._in_hand.job_id)


def work(addresses: Addresses, folder: Path, provider: str, spark: Spark) -> None:
    """A real worker with a fuse in everything that it uses; runs until killed."""
    database = Database(
        app=build_engine(addresses.app, pool_size=1), worker=build_engine(addresses.worker, pool_size=4)
    )
    client = build_openai(api_key="sk-made-up", base_url=provider)
    in_hand = InHand()
    maker = _fused_maker(addresses, folder, OpenAIImages(client), Fuse(spark), in_hand)

    def make(job_id: UUID) -> datetime | None:
        in_hand.job_id = job_id
        return maker.make(job_id)

    Worker(
        address=addresses.worker,
        database=database,
        make_portrait=make,
        care=lambda: None,
        concurrency=CONCURRENCY,
    ).run()


def _fused_maker(
    addresses: Addresses, folder: Path, images: OpenAIImages, fuse: Fuse, in_hand: InHand
) -> PortraitMaker:
    maker = build_maker(FusedDatabase(addresses.worker, fuse, in_hand), folder, images)
    return replace(
        maker,
        spool=FusedSpool(folder / "spool", fuse),
        finisher=replace(maker.finisher, storage=FusedStore(folder / "photos", fuse, in_hand)),
    )
