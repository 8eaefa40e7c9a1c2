"""Everything that a portrait needs, over a database of the test's own and the OpenAI stand-in."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, create_engine, text

from core.accounts.person import Person
from core.clients.image_fetch import ImageFetch
from core.clients.openai_client import build_openai
from core.clients.openai_images import OpenAIImages
from core.db.addresses import sqlalchemy_url
from core.db.engine import Database
from core.demo.openai_stand_in import StandIn
from core.demo.stand_in_server import StandInServer
from core.jobs.worker import Worker
from core.photos.batches.resuming import resume_where_room
from core.photos.batches.service import ClassPhotos
from core.photos.finishing import Finisher
from core.photos.maker import PortraitMaker
from core.photos.prompt import Style
from core.photos.service import Photos
from core.photos.spool import Spool
from core.photos.spool_care import revisit
from core.photos.storage import LocalPhotoStorage
from core.photos.strays import return_strays
from core.usage.model_choice import ImageChoice
from core.usage.prices import successor
from tests.cast import Cast, enrol, found_schools
from tests.postgres import Addresses, database_at

CHOICE = ImageChoice(model="gpt-image-2.5-flare", size="1024x1024", quality="medium")
KEY_HASH = "the-key"


@dataclass(frozen=True, kw_only=True)
class Studio:
    """One teacher's school with what makes its portraits; `maker` is what the worker runs."""

    database: Database
    owner: Connection
    addresses: Addresses
    cast: Cast
    stand_in: StandIn
    maker: PortraitMaker
    storage: LocalPhotoStorage
    spool: Spool

    @property
    def photos(self) -> Photos:
        return Photos(database=self.database, storage=self.storage, choice=CHOICE)

    @property
    def class_photos(self) -> ClassPhotos:
        return ClassPhotos(database=self.database, choice=CHOICE, at_once=4)

    def ask(self, student: UUID | None = None, *, person: Person | None = None, retry_of: UUID | None = None) -> UUID:
        """Mei asks for Ana's portrait, unless told otherwise."""
        return self.photos.request(
            person or self.cast.mei, student or self.cast.ana, style=Style.PHOTO, retry_of=retry_of
        )

    def start_batch(self, students: Sequence[UUID], *, person: Person | None = None) -> UUID:
        """Mei starts one for Integrity, Arjun one for Courage."""
        asking = person or self.cast.mei
        class_id = self.cast.courage if asking == self.cast.arjun else self.cast.integrity
        return self.class_photos.start(asking, class_id, students, style=Style.PHOTO)

    def batch(self, batch_id: UUID) -> Row[Any]:
        return self.one("select * from photo_batches where id = :id", id=batch_id)

    def jobs_of(self, batch_id: UUID) -> list[UUID]:
        """In register order, those tried again after the first ones."""
        rows = self.rows("select id from photo_jobs where batch_id = :id order by created_at, place", id=batch_id)
        return [row.id for row in rows]

    def make(self, student: UUID | None = None) -> UUID:
        """Asks and makes."""
        job_id = self.ask(student)
        self.maker.make(job_id)
        return job_id

    def job(self, job_id: UUID) -> Row[Any]:
        return self.one("select * from photo_jobs where id = :id", id=job_id)

    def state(self, job_id: UUID) -> str:
        return str(self.job(job_id).state)

    def attempts(self, job_id: UUID) -> list[Row[Any]]:
        """The ledger's rows of a job, oldest first."""
        return self.rows("select * from openai_usage where job_id = :id order by attempt", id=job_id)

    def photo(self, photo_id: UUID) -> Row[Any]:
        return self.one("select * from photos where id = :id", id=photo_id)

    def rows(self, statement: str, **values: object) -> list[Row[Any]]:
        return list(self.owner.execute(text(statement), values))

    def one(self, statement: str, **values: object) -> Row[Any]:
        return self.owner.execute(text(statement), values).one()

    def run(self, statement: str, **values: object) -> None:
        self.owner.execute(text(statement), values)

    def slots(self) -> list[datetime]:
        """When each portrait was started, by the limiter's clock; a slot is forgotten an hour after its window."""
        return [row.created_at for row in self.rows("select created_at from rate_limits order by created_at")]

    def count(self, table: str) -> int:
        return int(self.one(f"select count(*) as n from {table}").n)

    def limit_images(self, *, at_most: int = 5, per_seconds: float = 60) -> None:
        self.run(
            "update limits set at_most = :most, per_seconds = :seconds where type = 'image'",
            most=at_most,
            seconds=per_seconds,
        )

    def pace_batches(self, *, at_most: int = 1000, per_seconds: float = 60, gap_s: float = 0) -> None:
        """How fast class photos may start; as good as unlimited unless told otherwise."""
        self.run(
            "update limits set at_most = :most, per_seconds = :seconds, min_gap_seconds = :gap"
            " where type = 'batch_image'",
            most=at_most,
            seconds=per_seconds,
            gap=gap_s,
        )

    def enrol(self, how_many: int, *, class_id: UUID | None = None) -> list[UUID]:
        """More students for Mei's class, unless told otherwise."""
        return [enrol(self.owner, class_id or self.cast.integrity, f"Student {number}") for number in range(how_many)]

    def enrol_unlike(self, how_many: int) -> list[UUID]:
        """Of whom each is asked for in other words, up to 45, so that the provider's bills can be told apart."""
        students = self.enrol(how_many)
        for number, student in enumerate(students):
            self.run(
                "update students set level = :level, gender = :gender where id = :id",
                id=student,
                level=f"P{number % 15 - 1}" if number % 15 > 1 else f"K{number % 15 + 1}",
                gender=(None, "female", "male")[number // 15 % 3],
            )
        return students

    def take_slots(self, how_many: int) -> None:
        """As if Mei's portraits had been made just now."""
        for _ in range(how_many):
            self.run(
                "select private.take_slot_for(:school, :mei, 'image', 'test')",
                school=self.cast.mei.school_id,
                mei=self.cast.mei.staff_id,
            )

    def over(self, images: OpenAIImages, *, deadline_s: float = 100) -> PortraitMaker:
        """The maker with another way to the provider."""
        return replace(self.maker, images=images, deadline_s=deadline_s)

    def worker(self, *, maker: PortraitMaker | None = None, concurrency: int = 4) -> Worker:
        def care() -> None:
            revisit(self.database, self.spool)
            return_strays(self.database)
            resume_where_room(self.database, (maker or self.maker).held_usd)

        return Worker(
            address=self.addresses.worker,
            database=self.database,
            make_portrait=(maker or self.maker).make,
            care=care,
            concurrency=concurrency,
        )


@contextmanager
def open_studio(addresses: Addresses, folder: Path, stand_in: StandIn) -> Iterator[Studio]:
    """A studio for scripts, which have no fixtures, in a migrated and empty database."""
    owner_engine = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
    with database_at(addresses) as database, owner_engine.connect() as owner, in_process(stand_in) as images:
        maker = build_maker(database, folder, images)
        yield Studio(
            database=database,
            owner=owner,
            addresses=addresses,
            cast=found_schools(owner),
            stand_in=stand_in,
            maker=maker,
            storage=LocalPhotoStorage(folder / "photos"),
            spool=maker.spool,
        )
    owner_engine.dispose()


def build_maker(
    database: Database, folder: Path, images: OpenAIImages, *, url_hosts: frozenset[str] = frozenset()
) -> PortraitMaker:
    """As bootstrap builds it, with everything kept under `folder`."""
    fetch = ImageFetch(url_hosts, allow_loopback_http=True)
    return PortraitMaker(
        database=database,
        images=images,
        spool=Spool(folder / "spool"),
        finisher=Finisher(database=database, storage=LocalPhotoStorage(folder / "photos"), fetch=fetch),
        choice=CHOICE,
        data_dir=folder,
        key_hash=KEY_HASH,
        worker_id="the worker",
        by_stand_in=False,
    )


@contextmanager
def in_process(stand_in: StandIn) -> Iterator[OpenAIImages]:
    """The real client over the stand-in without a socket."""
    with closing(stand_in), build_openai(api_key=None, stand_in=stand_in) as client:
        yield OpenAIImages(client, successor=successor, late_reply_s=10)


@contextmanager
def over_a_socket(stand_in: StandIn) -> Iterator[OpenAIImages]:
    """The real client over loopback, where connections can drop."""
    with served(stand_in) as address, build_openai(api_key="sk-made-up", base_url=address) as client:
        yield OpenAIImages(client, successor=successor, late_reply_s=10)


@contextmanager
def served(stand_in: StandIn) -> Iterator[str]:
    """The stand-in as a server; yields its base URL."""
    server = StandInServer(stand_in, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join()


@contextmanager
def working(*workers: Worker) -> Iterator[None]:
    """The workers run in threads of their own until the block ends."""
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.stop(timeout_s=60)


def wait_until(claim: Callable[[], bool], *, timeout_s: float = 60) -> None:
    give_up_at = monotonic() + timeout_s
    while not claim():
        assert monotonic() < give_up_at
        sleep(0.02)


def was_delivered_again(studio: Studio) -> bool:
    """Whether the queue handed some job out more than once."""
    return bool(studio.rows("select from procrastinate.procrastinate_jobs where attempts > 0"))
