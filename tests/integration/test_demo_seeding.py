import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from core.accounts.people import People
from core.db.engine import Database
from core.db.tables.people import School, SchoolClass, Student
from core.db.tables.photos import Photo, PhotoJob, PhotoReply
from core.db.tables.usage import UsageRow
from core.demo.identity import SCHOOL_ID
from core.demo.portraits import draw_seeded_portraits
from core.demo.school import demo_school
from core.demo.seeding import ensure_demo_school, is_seeded, reset_demo_school
from core.photos.reply import parse_reply
from core.photos.storage import LocalPhotoStorage, photo_key, thumb_key
from tests.cast import Cast

TODAY = date(2026, 11, 12)


def test_every_row_of_the_school_arrives(database: Database) -> None:
    ensure_demo_school(database, today=TODAY)

    expected: dict[str, int] = {}
    for seeded in demo_school(TODAY):
        expected[seeded.table.__name__] = expected.get(seeded.table.__name__, 0) + len(seeded.rows)
    with database.as_worker() as session:
        found = {
            seeded.table.__name__: session.scalar(select(func.count()).select_from(seeded.table))
            for seeded in demo_school(TODAY)
        }
    assert found == expected


def test_seeding_takes_no_longer_than_a_visitor_waits(database: Database) -> None:
    started = time.monotonic()
    ensure_demo_school(database, today=TODAY)

    # A second and a half alone; the tests share their cores.
    assert time.monotonic() - started < 6


def test_processes_that_start_together_make_one_school(database: Database) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: ensure_demo_school(database, today=TODAY), range(3)))

    assert sorted(made) == [False, False, True]


def test_the_three_people_see_their_classes(database: Database) -> None:
    ensure_demo_school(database, today=TODAY)

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


def test_the_daily_figures_add_up_to_the_ledger(database: Database) -> None:
    ensure_demo_school(database, today=TODAY)

    with database.as_worker() as session:
        settled = session.execute(
            select(func.count(), func.sum(UsageRow.estimated_cost)).where(UsageRow.state == "settled")
        ).one()
        daily = session.execute(text("select sum(request_count), sum(total_cost) from openai_daily_stats")).one()
    assert (daily[0], Decimal(daily[1])) == tuple(settled)


def test_each_waiting_portrait_gets_one_reply_and_one_place_in_the_queue(database: Database, owner: Connection) -> None:
    ensure_demo_school(database, today=TODAY)

    drawn = draw_seeded_portraits(database, stop=threading.Event())

    with database.as_worker() as session:
        replies = session.scalars(select(PhotoReply.bytes)).all()
    queued = owner.execute(text("select args ->> 'job_id', priority from procrastinate.procrastinate_jobs")).all()
    assert drawn == len(replies) == len({job for job, _ in queued}) == 45
    assert {priority for _, priority in queued} == {0}
    assert all((parse_reply(body).decoded() or b"").startswith(b"\x89PNG") for body in replies)


def test_drawing_goes_on_where_it_stopped(database: Database, owner: Connection) -> None:
    ensure_demo_school(database, today=TODAY)
    keep_two = "delete from photo_jobs where state = 'received' and id not in (select id from photo_jobs where state = "
    owner.execute(text(keep_two + "'received' order by id limit 2)"))
    draw_seeded_portraits(database, stop=threading.Event())
    first = "select id from photo_jobs where state = 'received' order by id limit 1"
    owner.execute(text(f"delete from photo_replies where job_id = ({first})"))

    again = draw_seeded_portraits(database, stop=threading.Event())
    third = draw_seeded_portraits(database, stop=threading.Event())

    assert (again, third) == (1, 0)


def test_a_server_that_stops_draws_no_more(database: Database) -> None:
    ensure_demo_school(database, today=TODAY)
    stop = threading.Event()
    stop.set()

    assert draw_seeded_portraits(database, stop=stop) == 0


def test_reset_undoes_what_people_did_and_removes_their_files(database: Database, tmp_path: Path) -> None:
    ensure_demo_school(database, today=TODAY)
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


def test_reset_makes_a_school_that_was_missing(database: Database, tmp_path: Path) -> None:
    reset_demo_school(database, LocalPhotoStorage(tmp_path), today=TODAY)

    with database.as_worker() as session:
        assert is_seeded(session)


def test_reset_leaves_other_schools_alone(database: Database, cast: Cast, tmp_path: Path) -> None:
    ensure_demo_school(database, today=TODAY)

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
