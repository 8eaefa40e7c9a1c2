"""A worker whose store never answers."""

import threading
from dataclasses import replace
from pathlib import Path

from core.clients.openai_client import build_openai
from core.clients.openai_images import OpenAIImages
from core.db.engine import Database, build_engine
from core.jobs.ending import run_until_signalled
from core.jobs.worker import Worker
from core.photos.storage import LocalPhotoStorage
from tests.integration.photos.studio import build_maker
from tests.postgres import Addresses


class HangingStore(LocalPhotoStorage):
    def put(self, key: str, data: bytes, content_type: str) -> None:  # noqa: ARG002 - it gets to none of them
        threading.Event().wait()


def work(addresses: Addresses, folder: Path, provider: str, within_s: float) -> None:
    """Until it is told to end, and then `within_s`."""
    engine = build_engine(addresses.worker, pool_size=4)
    database = Database(app=engine, worker=engine)
    maker = build_maker(database, folder, OpenAIImages(build_openai(api_key="sk-made-up", base_url=provider)))
    worker = Worker(
        address=addresses.worker,
        database=database,
        make_portrait=replace(maker, finisher=replace(maker.finisher, storage=HangingStore(folder / "photos"))).make,
        care=lambda: None,
        concurrency=1,
    )
    run_until_signalled(worker, within_s=within_s)
