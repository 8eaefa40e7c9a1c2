"""The one place where real things are built."""

import os
import socket
import threading
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from sqlalchemy import Engine

from core.accounts.people import People
from core.accounts.sessions import Sessions
from core.accounts.sign_in import SignIn, build_sign_in
from core.administration import Administration, build_administration
from core.assistant.drafting import ChatChoice
from core.assistant.live import LET_FINISH_S, LiveAnswers
from core.assistant.lost import cut_off_lost_answers
from core.assistant.sending import Terms
from core.assistant.service import Assistant
from core.clients.image_fetch import ImageFetch
from core.clients.openai_chat import OpenAIChat
from core.clients.openai_client import OPENAI_BASE_URL, build_openai, key_hash
from core.clients.openai_images import OpenAIImages
from core.db.connections import worker_pool_size
from core.db.engine import Database, build_engine
from core.db.reaching import Addresses, reach_database
from core.demo.new_day import NewDay
from core.demo.openai_stand_in import make_app
from core.demo.portraits import DemoPainter
from core.demo.seeding import seed_demo_school
from core.errors import WorkerLoginMissing
from core.jobs.ending import LONGEST_END_S
from core.jobs.worker import Companion, Worker
from core.meetings.service import Meetings
from core.photos.batches.resuming import resume_where_room
from core.photos.batches.service import ClassPhotos
from core.photos.finishing import Finisher
from core.photos.maker import PortraitMaker
from core.photos.service import Photos
from core.photos.spool import Spool
from core.photos.spool_care import revisit
from core.photos.storage import LocalPhotoStorage, PhotoStorage
from core.photos.strays import return_strays
from core.photos.sweep.nightly import NightlySweep
from core.roster.importing.operator import OperatorImports
from core.roster.importing.service import Imports
from core.roster.reads import Roster
from core.roster.records.service import Records
from core.settings import Mode, Settings, load_settings
from core.usage.budgets import Budgets
from core.usage.model_choice import ChatModel, ImageChoice, UsualModels
from core.usage.prices import successor
from core.usage.reads import Usage
from core.usage.reports import UsageReports
from core.web_values import is_on_this_machine


@dataclass(frozen=True, kw_only=True)
class App:
    """Everything that pages and commands may use."""

    settings: Settings
    addresses: Addresses
    database: Database
    storage: PhotoStorage
    people: People
    sign_in: SignIn
    roster: Roster
    records: Records
    imports: Imports
    operator_imports: OperatorImports
    photos: Photos
    class_photos: ClassPhotos
    usage: Usage
    usage_reports: UsageReports
    budgets: Budgets
    meetings: Meetings
    assistant: Assistant
    administration: Administration
    _live: LiveAnswers
    _workers: list[Worker] = field(default_factory=list)
    _endings: ExitStack = field(default_factory=ExitStack)

    @property
    def sessions(self) -> Sessions:
        """Who is signed in; in a demo nobody is."""
        return self.sign_in.sessions

    @property
    def spool(self) -> Spool:
        """Of this machine."""
        return Spool(self.settings.data_dir / "spool")

    def start_worker(self) -> None:
        """Makes portraits in a thread of this process until `close`."""
        worker = build_worker(self)
        self._workers.append(worker)
        # What hangs is left to the next worker, which finds every job where it was.
        self._endings.callback(worker.stop, timeout_s=LONGEST_END_S)
        worker.start()

    def begin_to_end(self) -> None:
        """No new answers and no new portraits; what is under way goes on. Returns at once."""
        self._live.begin_no_more()
        for worker in self._workers:
            worker.request_stop()

    def finish_answers(self, *, let_finish_s: float = LET_FINISH_S) -> None:
        """Lets what is being written finish for a while, then has it saved and marked."""
        self._live.close(let_finish_s=let_finish_s)

    def close(self) -> None:
        """Ends the worker after the call in flight, lets answers finish for a while, and lets go of the database.

        Never waits for ever, whatever is away.
        """
        self.begin_to_end()
        self._endings.close()


def build_app(settings: Settings) -> App:
    """Raises SettingsError, DatabaseAway or DatabaseNotMigrated; nothing keeps running if it does."""
    with ExitStack() as endings:
        addresses, revive = reach_database(settings, endings)
        database = Database(
            app=build_engine(addresses.app, pool_size=settings.db_pool_size, revive=revive),
            worker=_worker_engine(settings, addresses, revive),
        )
        endings.callback(database.close)
        storage = LocalPhotoStorage(settings.data_dir / "photos")
        live = _live_answers(settings, database, endings)
        return App(
            settings=settings,
            addresses=addresses,
            database=database,
            storage=storage,
            people=People(database=database),
            sign_in=build_sign_in(settings, database),
            roster=Roster(database=database),
            records=Records(database=database),
            imports=Imports(database=database),
            operator_imports=OperatorImports(database=database),
            photos=Photos(database=database, storage=storage, choice=_choice(settings)),
            class_photos=ClassPhotos(database=database, choice=_choice(settings), at_once=settings.worker_concurrency),
            usage=Usage(database=database),
            usage_reports=UsageReports(database=database),
            budgets=Budgets(database),
            meetings=Meetings(database=database),
            assistant=Assistant(database=database, live=live, terms=_terms(settings)),
            administration=build_administration(database, _usual_models(settings)),
            _live=live,
            _endings=endings.pop_all(),
        )


def build_worker(app: App) -> Worker:
    """A worker over the app's database, in a demo with the painter beside it; needs the worker's login."""
    settings = app.settings
    if app.addresses.worker is None:
        raise WorkerLoginMissing
    spool = app.spool
    client = build_openai(**_account(settings), stand_in=make_app() if settings.uses_stand_in else None)
    maker = PortraitMaker(
        database=app.database,
        images=OpenAIImages(client, successor=successor),
        spool=spool,
        finisher=Finisher(database=app.database, storage=app.storage, fetch=_fetch(settings)),
        choice=_choice(settings),
        data_dir=settings.data_dir,
        key_hash=key_hash(settings.openai_api_key),
        by_stand_in=settings.uses_stand_in,
        spend_limit_usd=_spend_limit_usd(settings),
        worker_id=f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
    )

    def care() -> None:
        revisit(app.database, spool)
        return_strays(app.database)
        resume_where_room(app.database, maker.held_usd)
        cut_off_lost_answers(app.database)

    return Worker(
        address=app.addresses.worker,
        database=app.database,
        make_portrait=maker.make,
        care=care,
        concurrency=settings.worker_concurrency,
        companions=_companions(app),
    )


def _live_answers(settings: Settings, database: Database, endings: ExitStack) -> LiveAnswers:
    """With one client for all answers of this process; what is being written ends before it does."""
    stand_in = make_app() if settings.uses_stand_in else None
    client = build_openai(**_account(settings), stand_in=stand_in)
    endings.callback(client.close)
    if stand_in is not None:
        endings.callback(stand_in.close)
    live = LiveAnswers(database=database, chat=OpenAIChat(client, successor=successor))
    endings.callback(live.close)
    return live


def _terms(settings: Settings) -> Terms:
    choice = ChatChoice(
        model=settings.chat_model,
        max_tokens=settings.chat_max_tokens,
        reasoning_effort=settings.chat_reasoning_effort.to_send,
        with_usage=settings.chat_stream_usage,
        with_safety_id=settings.chat_send_safety_id,
    )
    host = urlsplit(settings.openai_base_url or OPENAI_BASE_URL).hostname or ""
    return Terms(
        choice=choice,
        sent_to="the demo's stand-in" if settings.uses_stand_in else host,
        by_stand_in=settings.uses_stand_in,
        spend_limit_usd=_spend_limit_usd(settings),
    )


def _account(settings: Settings) -> dict[str, str | None]:
    return {
        "api_key": settings.openai_api_key,
        "base_url": settings.openai_base_url,
        "organization": settings.openai_org_id,
    }


def _companions(app: App) -> list[Companion]:
    nightly = NightlySweep(database=app.database, storage=app.storage, spool=app.spool)
    if app.settings.mode is not Mode.DEMO:
        return [nightly]
    return [nightly, DemoPainter(database=app.database), NewDay(database=app.database)]


_building = threading.Lock()
_current: list[App] = []


def current_app() -> App:
    """This process's app, built at the first call; the server, its pages and its worker share it."""
    with _building:
        if not _current:
            _current.append(_app_with_demo(load_settings()))
        return _current[0]


def _app_with_demo(settings: Settings) -> App:
    """The made-up school is made where pages show it; a command leaves a database as it finds it."""
    with ExitStack() as endings:
        app = build_app(settings)
        endings.callback(app.close)
        if settings.mode is Mode.DEMO and app.addresses.worker is not None:
            seed_demo_school(app.database)
        endings.pop_all()
    return app


def _worker_engine(settings: Settings, addresses: Addresses, revive: Callable[[], None] | None) -> Engine | None:
    if addresses.worker is None:
        return None
    return build_engine(addresses.worker, pool_size=worker_pool_size(settings), revive=revive)


def _spend_limit_usd(settings: Settings) -> Decimal | None:
    if settings.mode is not Mode.DEMO or settings.uses_stand_in or settings.demo_spend_limit_usd is None:
        return None
    return Decimal(str(settings.demo_spend_limit_usd))


def _usual_models(settings: Settings) -> UsualModels:
    return UsualModels(ChatModel(settings.chat_model, settings.chat_reasoning_effort), _choice(settings))


def _choice(settings: Settings) -> ImageChoice:
    return ImageChoice(model=settings.image_model, size=settings.image_size, quality=settings.image_quality)


def _fetch(settings: Settings) -> ImageFetch:
    return ImageFetch(settings.image_url_hosts, allow_loopback_http=is_on_this_machine(settings.openai_base_url or ""))
