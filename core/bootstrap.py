"""The one place where real things are built."""

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field

from core import parts
from core.accounts.people import People
from core.accounts.sessions import Sessions
from core.accounts.sign_in import SignIn, build_sign_in
from core.administration import Administration, build_administration
from core.assistant.live import LET_FINISH_S, LiveAnswers
from core.assistant.lost import cut_off_lost_answers
from core.assistant.service import Assistant
from core.db.engine import Database, build_engine
from core.db.reaching import Addresses, reach_database
from core.demo.new_day import NewDay
from core.demo.portraits import DemoPainter
from core.demo.seeding import seed_demo_school
from core.demo.visits import DemoVisits
from core.demo.visits_end import VisitsEnd
from core.demo.visits_portraits import VisitsPortraits
from core.errors import WorkerLoginMissing
from core.jobs.ending import LONGEST_END_S
from core.jobs.worker import Companion, Worker
from core.meetings.service import Meetings
from core.photos.batches.resuming import resume_where_room
from core.photos.batches.service import ClassPhotos
from core.photos.links import PhotoLinks
from core.photos.service import Photos
from core.photos.spool import Spool
from core.photos.spool_care import revisit
from core.photos.storage import PhotoStorage
from core.photos.strays import return_strays
from core.photos.sweep.nightly import NightlySweep
from core.roster.importing.operator import OperatorImports
from core.roster.importing.service import Imports
from core.roster.reads import Roster
from core.roster.records.service import Records
from core.settings import Mode, Settings, load_settings
from core.usage.budgets import Budgets
from core.usage.reads import Usage
from core.usage.reports import UsageReports


@dataclass(frozen=True, kw_only=True)
class App:
    """Everything that pages and commands may use."""

    settings: Settings
    addresses: Addresses
    database: Database
    storage: PhotoStorage
    links: PhotoLinks
    people: People
    visits: DemoVisits
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
            worker=parts.worker_engine(settings, addresses, revive),
        )
        endings.callback(database.close)
        storage = parts.photo_storage(settings, endings)
        live = parts.live_answers(settings, database, endings)
        return App(
            settings=settings,
            addresses=addresses,
            database=database,
            storage=storage,
            links=parts.photo_links(settings, storage),
            people=People(database=database),
            visits=DemoVisits(database=database),
            sign_in=build_sign_in(settings, database),
            roster=Roster(database=database),
            records=Records(database=database),
            imports=Imports(database=database),
            operator_imports=OperatorImports(database=database),
            photos=Photos(database=database, storage=storage, choice=parts.image_choice(settings)),
            class_photos=ClassPhotos(
                database=database, choice=parts.image_choice(settings), at_once=settings.worker_concurrency
            ),
            usage=Usage(database=database),
            usage_reports=UsageReports(database=database),
            budgets=Budgets(database),
            meetings=Meetings(database=database),
            assistant=Assistant(database=database, live=live, terms=parts.terms(settings)),
            administration=build_administration(database, parts.usual_models(settings)),
            _live=live,
            _endings=endings.pop_all(),
        )


def build_worker(app: App) -> Worker:
    """A worker over the app's database, in a demo with the painter beside it; needs the worker's login."""
    settings = app.settings
    if app.addresses.worker is None:
        raise WorkerLoginMissing
    spool = app.spool
    maker = parts.portrait_maker(settings, app.database, app.storage, spool)

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


def _companions(app: App) -> list[Companion]:
    nightly = NightlySweep(database=app.database, storage=app.storage, spool=app.spool)
    if app.settings.mode is not Mode.DEMO:
        return [nightly]
    per_visit = app.settings.demo_per_visit
    demo = [DemoPainter(database=app.database), NewDay(database=app.database, per_visit=per_visit)]
    return [nightly, *demo, *(_of_visits(app) if per_visit else [])]


def _of_visits(app: App) -> list[Companion]:
    return [VisitsEnd(database=app.database, storage=app.storage), VisitsPortraits(database=app.database)]


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
