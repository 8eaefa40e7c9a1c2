"""The one place where real things are built."""

import os
import socket
import threading
import uuid
from dataclasses import dataclass, field

from core.accounts.people import People
from core.clients.image_fetch import ImageFetch
from core.clients.openai_client import build_openai, key_hash
from core.clients.openai_images import OpenAIImages
from core.db.embedded import EmbeddedPostgres
from core.db.engine import Database, build_engine
from core.db.migrations import require_migrated
from core.db.preparing import APP_LOGIN, DATABASE, OWNER, WORKER_LOGIN, prepare_embedded
from core.demo.openai_stand_in import make_app
from core.demo.portraits import DemoPainter
from core.demo.seeding import seed_demo_school
from core.errors import WorkerLoginMissing
from core.jobs.worker import Worker
from core.photos.finishing import Finisher
from core.photos.job import ImageChoice
from core.photos.maker import PortraitMaker
from core.photos.service import Photos
from core.photos.spool import Spool
from core.photos.spool_care import revisit
from core.photos.storage import LocalPhotoStorage, PhotoStorage
from core.roster.reads import Roster
from core.settings import Mode, Settings, load_settings
from core.usage.prices import successor
from core.usage.reads import Usage


@dataclass(frozen=True)
class Addresses:
    """Where the database is for each login; None where this process was not given one."""

    app: str
    worker: str | None
    owner: str | None


@dataclass(frozen=True, kw_only=True)
class App:
    """Everything that pages and commands may use."""

    settings: Settings
    addresses: Addresses
    database: Database
    storage: PhotoStorage
    people: People
    roster: Roster
    photos: Photos
    usage: Usage
    _workers: list[Worker] = field(default_factory=list)
    _painters: list[DemoPainter] = field(default_factory=list)

    def start_worker(self) -> None:
        """Makes portraits in a thread of this process until `close`."""
        worker = build_worker(self)
        self._workers.append(worker)
        worker.start()
        if self.settings.mode is Mode.DEMO:
            painter = DemoPainter(database=self.database)
            self._painters.append(painter)
            painter.start()

    def close(self) -> None:
        """Ends the worker after the call in flight and lets go of the database."""
        for painter in self._painters:
            painter.stop()
        for worker in self._workers:
            worker.stop()
        self._painters.clear()
        self._workers.clear()
        self.database.close()


def build_app(settings: Settings) -> App:
    """Raises SettingsError, DatabaseAway or DatabaseNotMigrated; nothing keeps running if it does."""
    server = _embedded(settings)
    addresses = _addresses(settings, server)
    revive = server.start if server is not None else None
    worker_engine = (
        build_engine(addresses.worker, pool_size=settings.worker_concurrency + 2, revive=revive)
        if addresses.worker is not None
        else None
    )
    database = Database(
        app=build_engine(addresses.app, pool_size=settings.db_pool_size, revive=revive), worker=worker_engine
    )
    if settings.mode is Mode.DEMO and worker_engine is not None:
        seed_demo_school(database)
    storage = LocalPhotoStorage(settings.data_dir / "photos")
    choice = _choice(settings)
    return App(
        settings=settings,
        addresses=addresses,
        database=database,
        storage=storage,
        people=People(database=database),
        roster=Roster(database=database),
        photos=Photos(database=database, storage=storage, choice=choice),
        usage=Usage(database=database),
    )


def build_worker(app: App, *, concurrency: int | None = None) -> Worker:
    """A worker over the app's database; the process needs the worker's login."""
    settings = app.settings
    if app.addresses.worker is None:
        raise WorkerLoginMissing
    spool = Spool(settings.data_dir / "spool")
    stand_in = make_app() if settings.uses_stand_in else None
    client = build_openai(
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        organization=settings.openai_org_id,
        stand_in=stand_in,
    )
    maker = PortraitMaker(
        database=app.database,
        images=OpenAIImages(client, successor=successor),
        spool=spool,
        finisher=Finisher(database=app.database, storage=app.storage, fetch=_fetch(settings)),
        choice=_choice(settings),
        data_dir=settings.data_dir,
        key_hash=key_hash(settings.openai_api_key),
        worker_id=f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
    )
    return Worker(
        address=app.addresses.worker,
        database=app.database,
        make_portrait=maker.make,
        care=lambda: revisit(app.database, spool),
        concurrency=concurrency or settings.worker_concurrency,
    )


_building = threading.Lock()
_current: list[App] = []


def current_app() -> App:
    """This process's app, built at the first call; the server, its pages and its worker share it."""
    with _building:
        if not _current:
            _current.append(build_app(load_settings()))
        return _current[0]


def _embedded(settings: Settings) -> EmbeddedPostgres | None:
    if settings.database_url is not None:
        return None
    server = EmbeddedPostgres(settings.data_dir)
    server.start()
    prepare_embedded(server)
    return server


def _addresses(settings: Settings, server: EmbeddedPostgres | None) -> Addresses:
    if server is not None:
        return Addresses(*(server.address(login, DATABASE) for login in (APP_LOGIN, WORKER_LOGIN, OWNER)))
    if settings.database_url is None:
        raise AssertionError("either embedded or external")
    require_migrated(settings.worker_database_url or settings.database_url)
    return Addresses(settings.database_url, settings.worker_database_url, settings.migration_database_url)


def _choice(settings: Settings) -> ImageChoice:
    return ImageChoice(model=settings.image_model, size=settings.image_size, quality=settings.image_quality)


def _fetch(settings: Settings) -> ImageFetch:
    base = settings.openai_base_url or ""
    return ImageFetch(settings.image_url_hosts, allow_loopback_http=_is_loopback(base))


def _is_loopback(address: str) -> bool:
    return address.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))
