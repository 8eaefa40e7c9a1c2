import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from openai import OpenAI
from sqlalchemy import Connection, func, select, text

from core import bootstrap
from core.accounts.people import People
from core.bootstrap import build_app, build_worker
from core.cli import main
from core.clients.image_fetch import ImageFetch
from core.clients.openai_images import OpenAIImages
from core.db.engine import Database
from core.db.tables.people import School, SchoolClass, Student
from core.db.tables.photos import Photo, PhotoJob, PhotoReply
from core.db.tables.usage import UsageRow
from core.demo.identity import SCHOOL_ID
from core.demo.portraits import DemoPainter, draw_seeded_portraits
from core.demo.school import demo_school
from core.demo.seeding import is_seeded, reset_demo_school, seed_demo_school
from core.errors import DemoWasPaid, NotADemo
from core.jobs.worker import Worker
from core.photos.finishing import Finisher
from core.photos.maker import PortraitMaker
from core.photos.reply import parse_reply
from core.photos.spool import Spool
from core.photos.storage import LocalPhotoStorage, photo_key, thumb_key
from core.settings import Mode, load_settings
from core.usage.model_choice import ImageChoice
from tests.cast import Cast
from tests.integration.db.chats import start_talk
from tests.integration.seeded import seeded_database
from tests.postgres import Addresses, Server
from tests.reused_databases import ReusedDatabases

TODAY = date(2026, 11, 12)

of_a_seeded_one = pytest.mark.parametrize("is_seeded_already", [True])


@pytest.fixture
def is_seeded_already() -> bool:
    return False


@pytest.fixture
def addresses(server: Server, reused: ReusedDatabases, is_seeded_already: bool) -> Iterator[Addresses]:
    with seeded_database(server, TODAY) if is_seeded_already else reused.lend(server) as addresses:
        yield addresses


@of_a_seeded_one
def test_every_row_of_the_school_arrives(database: Database) -> None:
    expected: dict[str, int] = {}
    for seeded in demo_school(TODAY):
        expected[seeded.table.__name__] = expected.get(seeded.table.__name__, 0) + len(seeded.rows)
    with database.as_worker() as session:
        found = {
            seeded.table.__name__: session.scalar(select(func.count()).select_from(seeded.table))
            for seeded in demo_school(TODAY)
        }
    assert found == expected


def test_processes_that_start_together_make_one_school(database: Database) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: seed_demo_school(database, today=TODAY), range(3)))

    assert sorted(made) == [False, False, True]


@of_a_seeded_one
def test_the_three_people_see_their_classes(database: Database) -> None:
    seen = {}
    for key in ("mei", "arjun", "siti"):
        with database.as_person(People(database=database).demo_person(key)) as session:
            classes = session.scalars(select(SchoolClass.name).order_by(SchoolClass.name)).all()
            seen[key] = (list(classes), session.scalar(select(func.count()).select_from(Student)))

    assert seen == {
        "mei": (["P5 Integrity"], 36),
        "arjun": (["P4 Courage"], 31),
        "siti": (["P4 Courage", "P5 Integrity"], 67),
    }


@of_a_seeded_one
def test_the_daily_figures_add_up_to_the_ledger(database: Database) -> None:
    with database.as_worker() as session:
        settled = session.execute(
            select(func.count(), func.sum(UsageRow.estimated_cost)).where(UsageRow.state == "settled")
        ).one()
        daily = session.execute(text("select sum(request_count), sum(total_cost) from openai_daily_stats")).one()
    assert (daily[0], Decimal(daily[1])) == tuple(settled)


@of_a_seeded_one
def test_each_waiting_portrait_gets_one_reply_and_one_place_in_the_queue(database: Database, owner: Connection) -> None:
    _leave(5, owner)

    drawn = draw_seeded_portraits(database, stop=threading.Event())

    with database.as_worker() as session:
        replies = session.scalars(select(PhotoReply.bytes)).all()
    queued = owner.execute(text("select args ->> 'job_id', priority from procrastinate.procrastinate_jobs")).all()
    assert drawn == len(replies) == len({job for job, _ in queued}) == 5
    assert {priority for _, priority in queued} == {0}
    assert all((parse_reply(body).decoded() or b"").startswith(b"\x89PNG") for body in replies)


@of_a_seeded_one
def test_drawing_goes_on_where_it_stopped(database: Database, owner: Connection) -> None:
    _leave(2, owner)
    draw_seeded_portraits(database, stop=threading.Event())
    first = "select id from photo_jobs where state = 'received' order by id limit 1"
    owner.execute(text(f"delete from photo_replies where job_id = ({first})"))

    again = draw_seeded_portraits(database, stop=threading.Event())
    third = draw_seeded_portraits(database, stop=threading.Event())

    assert (again, third) == (1, 0)


@of_a_seeded_one
def test_a_portrait_that_can_not_be_drawn_keeps_no_other_waiting(
    database: Database, owner: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    _leave(3, owner)
    first = "select id from photo_jobs where state = 'received' order by called_at limit 1"
    spoilt = "jsonb_set(options, '{demo_features}', '{}')"
    owner.execute(text(f"update photo_jobs set options = {spoilt} where id in ({first})"))
    not_drawn: set[UUID] = set()

    drawn = [draw_seeded_portraits(database, stop=threading.Event(), not_drawn=not_drawn) for _ in range(2)]

    assert drawn == [2, 0]
    assert len(not_drawn) == 1
    logged = capsys.readouterr()
    assert (logged.out + logged.err).count("not drawn") == 1


@pytest.mark.parametrize("mode", list(Mode))
def test_whoever_runs_a_demos_worker_draws_its_portraits_too(addresses: Addresses, tmp_path: Path, mode: Mode) -> None:
    settings = load_settings(
        {
            "STAFFROOM_MODE": mode,
            "STAFFROOM_DATA_DIR": str(tmp_path),
            "DATABASE_URL": addresses.app,
            "WORKER_DATABASE_URL": addresses.worker,
        }
    )
    with closing(build_app(settings)) as app:
        companions = build_worker(app).companions

    assert any(isinstance(one, DemoPainter) for one in companions) == (mode is Mode.DEMO)


@of_a_seeded_one
def test_a_server_that_stops_draws_no_more(database: Database) -> None:
    stop = threading.Event()
    stop.set()

    assert draw_seeded_portraits(database, stop=stop) == 0


@of_a_seeded_one
def test_the_worker_finishes_a_drawn_portrait_like_any_other(
    database: Database, owner: Connection, tmp_path: Path
) -> None:
    _leave(1, owner)
    draw_seeded_portraits(database, stop=threading.Event())
    storage = LocalPhotoStorage(tmp_path)
    with database.as_worker() as session:
        job = session.scalars(select(PhotoJob.id).where(PhotoJob.state == "received")).one()

    _maker(database, storage, tmp_path).make(job)

    with database.as_worker() as session:
        done, photo = session.get_one(PhotoJob, job), session.get_one(Photo, job)
        ledger = session.get_one(UsageRow, done.usage_id)
        shown = session.get_one(Student, done.student_id).profile_photo
        assert (done.state, ledger.state, ledger.cost_source) == ("done", "settled", "reported")
        assert done.cost_usd == ledger.estimated_cost == photo.cost_usd
        assert (photo.is_current, photo.model) == (True, "gpt-image-2.5-flare")
        assert shown == photo.address
        assert photo.made_at.date() < TODAY


def test_the_painter_draws_after_a_reset_too(database: Database, tmp_path: Path) -> None:
    painter = DemoPainter(database=database, look_every_s=0.05)
    painter.start()

    reset_demo_school(database, LocalPhotoStorage(tmp_path), today=TODAY)

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not _replies(database):
        threading.Event().wait(0.05)
    painter.stop()
    assert _replies(database)


def _leave(count: int, owner: Connection) -> None:
    """Most portraits are deleted, since each takes a tenth of a second to draw."""
    waiting = "select id from photo_jobs where state = 'received'"
    owner.execute(text(f"delete from photo_jobs where id in ({waiting} order by id offset {count})"))


def _replies(database: Database) -> int:
    with database.as_worker() as session:
        return session.scalar(select(func.count()).select_from(PhotoReply)) or 0


def _maker(database: Database, storage: LocalPhotoStorage, folder: Path) -> PortraitMaker:
    """A worker's hands that could pay nothing: no request leaves for a reply that is there."""
    return PortraitMaker(
        database=database,
        images=OpenAIImages(OpenAI(api_key="none", base_url="http://127.0.0.1:9"), successor=lambda _: None),
        spool=Spool(folder / "spool"),
        finisher=Finisher(database=database, storage=storage, fetch=ImageFetch(frozenset())),
        choice=ImageChoice(model="another-model", size="1024x1024", quality="low"),
        data_dir=folder,
        key_hash="none",
        worker_id="test",
        by_stand_in=False,
    )


def test_a_worker_starts_and_stops_its_companions(database: Database, addresses: Addresses) -> None:
    painter = DemoPainter(database=database, look_every_s=0.05)
    worker = Worker(
        address=addresses.worker,
        database=database,
        make_portrait=lambda _: None,
        care=lambda: None,
        concurrency=1,
        companions=[painter],
    )

    worker.start()
    give_up_at = time.monotonic() + 60
    while "demo portraits" not in _threads() and time.monotonic() < give_up_at:
        threading.Event().wait(0.02)
    ran = "demo portraits" in _threads()
    worker.stop(timeout_s=60)

    assert (ran, "demo portraits" in _threads()) == (True, False)


def _threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


@of_a_seeded_one
def test_reset_undoes_what_people_did_and_removes_their_files(database: Database, tmp_path: Path) -> None:
    storage = LocalPhotoStorage(tmp_path)
    keys = _finish_one_portrait(database, storage)
    mei = People(database=database).demo_person("mei")
    with database.as_person(mei) as session:
        session.execute(text("update students set preferred_name = 'Someone'"))
        session.execute(text("select private.remove_photo(student_id) from photos"))

    reset_demo_school(database, storage, today=TODAY)

    with database.as_worker() as session:
        renamed = session.scalar(select(func.count()).where(Student.preferred_name == "Someone"))
        photos = session.scalar(select(func.count()).select_from(Photo))
    assert (renamed, photos) == (0, 0)
    assert set(storage.keys()).isdisjoint(keys)


@of_a_seeded_one
def test_reset_empties_the_queue_of_jobs_that_are_gone(database: Database, owner: Connection, tmp_path: Path) -> None:
    _leave(1, owner)
    draw_seeded_portraits(database, stop=threading.Event())

    reset_demo_school(database, LocalPhotoStorage(tmp_path), today=TODAY)

    assert owner.scalar(text("select count(*) from procrastinate.procrastinate_jobs")) == 0


@of_a_seeded_one
@pytest.mark.parametrize("cost", [None, "0.013"], ids=["held", "settled"])
def test_reset_refuses_once_something_was_paid(
    database: Database, owner: Connection, tmp_path: Path, cost: str | None
) -> None:
    _enter(owner, cost, "{}")

    with pytest.raises(DemoWasPaid):
        reset_demo_school(database, LocalPhotoStorage(tmp_path), today=TODAY)

    assert owner.scalar(text("select count(*) from openai_usage where feature = 'entered'")) == 1


@of_a_seeded_one
@pytest.mark.parametrize(("cost", "request_data"), [("0.013", '{"by_stand_in": true}'), ("0", "{}")])
def test_reset_forgets_what_nobody_paid(
    database: Database, owner: Connection, tmp_path: Path, cost: str, request_data: str
) -> None:
    _enter(owner, cost, request_data)

    reset_demo_school(database, LocalPhotoStorage(tmp_path), today=TODAY)

    assert owner.scalar(text("select count(*) from openai_usage where feature = 'entered'")) == 0


@of_a_seeded_one
def test_reset_forgets_conversations_also_while_an_answer_is_written(
    database: Database, owner: Connection, tmp_path: Path
) -> None:
    talk = start_talk(database, People(database=database).demo_person("mei"))
    answer = talk.ask()

    reset_demo_school(database, LocalPhotoStorage(tmp_path), today=TODAY)

    assert owner.scalar(text("select count(*) from chat_threads")) == 0
    talk.end(answer)
    assert owner.scalar(text("select count(*) from openai_usage where message_id = :id"), {"id": answer}) == 0


def _enter(owner: Connection, cost: str | None, request_data: str) -> None:
    """A portrait's row in the demo school's ledger; without a cost it is still under way."""
    owner.execute(
        text(
            "insert into openai_usage"
            " (school_id, type, model, feature, state, cost_source, estimated_cost, request_data) values"
            " (:school, 'image', 'm', 'entered', :state, :source, :cost, cast(:data as jsonb))"
        ),
        {
            "school": SCHOOL_ID,
            "state": "settled" if cost else "reserved",
            "source": "reported" if cost else None,
            "cost": cost,
            "data": request_data,
        },
    )


def test_pages_show_the_school_and_commands_leave_a_database_as_it_is(
    addresses: Addresses, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "_current", [])
    _set_environment(monkeypatch, addresses, tmp_path)

    build_app(load_settings()).close()
    with database.as_worker() as session:
        assert not is_seeded(session)

    bootstrap.current_app().close()
    with database.as_worker() as session:
        assert is_seeded(session)


def test_the_command_resets_a_demo_and_refuses_in_production(
    addresses: Addresses,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _set_environment(monkeypatch, addresses, tmp_path)
    monkeypatch.setattr(sys, "argv", ["staffroom", "demo", "reset"])

    monkeypatch.setenv("STAFFROOM_MODE", "production")
    with pytest.raises(SystemExit) as refused:
        main()
    with database.as_worker() as session:
        assert not is_seeded(session)
    monkeypatch.setenv("STAFFROOM_MODE", "demo")
    with pytest.raises(SystemExit) as done:
        main()

    assert (refused.value.code, done.value.code) == (1, 0)
    assert capsys.readouterr().err == f"{NotADemo()}\n"
    with database.as_worker() as session:
        assert is_seeded(session)


def _set_environment(monkeypatch: pytest.MonkeyPatch, addresses: Addresses, folder: Path) -> None:
    monkeypatch.setenv("STAFFROOM_DATA_DIR", str(folder))
    monkeypatch.setenv("DATABASE_URL", addresses.app)
    monkeypatch.setenv("WORKER_DATABASE_URL", addresses.worker)


def test_reset_makes_a_school_that_was_missing(database: Database, tmp_path: Path) -> None:
    reset_demo_school(database, LocalPhotoStorage(tmp_path), today=TODAY)

    with database.as_worker() as session:
        assert is_seeded(session)


@of_a_seeded_one
def test_reset_leaves_other_schools_alone(database: Database, cast: Cast, tmp_path: Path) -> None:
    reset_demo_school(database, LocalPhotoStorage(tmp_path), today=TODAY)

    with database.as_worker() as session:
        assert session.scalar(select(func.count()).where(School.id == cast.mei.school_id)) == 1


def _finish_one_portrait(database: Database, storage: LocalPhotoStorage) -> list[str]:
    with database.as_worker() as session:
        job = session.scalars(select(PhotoJob).where(PhotoJob.state == "received").limit(1)).one()
        keys = [make(SCHOOL_ID, job.student_id, job.id) for make in (photo_key, thumb_key)]
        session.add(
            Photo(
                id=job.id,
                school_id=SCHOOL_ID,
                student_id=job.student_id,
                storage_key=keys[0],
                thumb_key=keys[1],
                address=f"/app/static/photos/{job.id}",
                width=1,
                height=1,
                sha256="0" * 64,
                model="m",
                style="photo",
                prompt="p",
                options={},
                cost_source="unpriced",
                is_current=True,
            )
        )
    for key in keys:
        storage.put(key, b"file", "image/webp")
    return keys
