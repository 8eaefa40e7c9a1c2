"""A public demo's visits in the database: what a copy holds, who sees it, when it ends, and that nothing is left."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from core.accounts.people import People
from core.accounts.person import Person
from core.db.engine import Database
from core.demo.identity import SCHOOL_ID
from core.demo.new_day import plan_meetings
from core.demo.samples import sample_class_list
from core.demo.seeding import renew_demo_school, reset_demo_school
from core.demo.visits import DemoVisits
from core.demo.visits_end import VisitsEnd, drop_visit, ended_visits
from core.demo.visits_portraits import VisitsPortraits
from core.errors import DemoCrowded, DemoSpendLimitReached, NotAllowed, StorageAway
from core.photos.storage import LocalPhotoStorage
from core.roster.importing.incoming import incoming_from
from core.roster.importing.plan import Outcome
from core.roster.importing.service import Choice, Imports
from core.usage.spend_limit import ensure_within
from tests.cast import found_school, found_schools
from tests.integration.db.chats import start_talk
from tests.integration.demo_visits import begin, hash_of, ids, left_of, look, rows, tables
from tests.integration.seeded import seeded_database
from tests.postgres import Addresses, Server

TODAY = date(2026, 11, 12)


@pytest.fixture
def addresses(server: Server) -> Iterator[Addresses]:
    with seeded_database(server, TODAY) as addresses:
        yield addresses


@pytest.fixture
def storage(tmp_path: Path) -> LocalPhotoStorage:
    return LocalPhotoStorage(tmp_path)


def test_a_copy_is_the_school_row_for_row_under_ids_of_its_own(database: Database, owner: Connection) -> None:
    _draw_one(owner, SCHOOL_ID)
    talk = start_talk(database, People(database=database).demo_person("mei"))
    talk.end(talk.ask())

    school = begin(database)[1].school_id

    filled = [name for name in tables(owner) if left_of(owner, SCHOOL_ID).get(name)]
    unlike = [name for name in filled if rows(owner, name, SCHOOL_ID) != rows(owner, name, school)]
    # What somebody asked for in the last minute is no part of the school.
    assert set(unlike) <= {"rate_limits"}
    assert {"attendance", "audit_log", "chat_messages", "photos", "usage_monthly_detail"} <= set(filled)
    of_the_template = {one for name in filled for one in ids(owner, name, SCHOOL_ID)}
    assert {name for name in filled if ids(owner, name, school) & of_the_template} == set()


def test_what_was_paid_for_the_template_counts_once(database: Database, owner: Connection) -> None:
    _pay(owner, SCHOOL_ID, "0.90")

    begin(database)

    assert owner.scalar(text("select private.paid_usd(null)")) == Decimal("0.90")


def test_a_copy_shows_the_templates_files(database: Database, owner: Connection) -> None:
    photo = _draw_one(owner, SCHOOL_ID)

    school = begin(database)[1].school_id

    copied = owner.execute(text("select * from photos where school_id = :school"), {"school": school}).one()
    original = owner.execute(text("select * from photos where id = :id"), {"id": photo}).one()
    assert (copied.storage_key, copied.thumb_key) == (original.storage_key, original.thumb_key)
    assert copied.address == f"/app/static/photos/{copied.id}"
    shown = owner.scalar(text("select profile_photo from students where id = :id"), {"id": copied.student_id})
    assert shown == copied.address


def test_a_copy_holds_nothing_of_another_school(database: Database, owner: Connection) -> None:
    other = found_school(owner, "Other Demo", kind="demo")
    owner.execute(text("insert into students (school_id, full_name) values (:id, 'Somebody Else')"), {"id": other.id})

    school = begin(database)[1].school_id

    assert "Somebody Else" not in str(rows(owner, "students", school))


@pytest.mark.parametrize("key", ["mei", "siti"])
def test_a_visitor_sees_no_row_of_another_visit_nor_of_the_template(
    database: Database, owner: Connection, key: str
) -> None:
    _draw_one(owner, SCHOOL_ID)
    here, _other = begin(database, key)[1], begin(database, key)[1]

    seen = {}
    with database.as_person(here) as session:
        for name in tables(owner):
            if owner.scalar(text(f"select has_table_privilege('authenticated', 'public.{name}', 'select')")):
                seen[name] = set(session.scalars(text(f"select distinct school_id from {name}")))
        changed = session.execute(text("update students set preferred_name = 'Changed'")).rowcount  # type: ignore[attr-defined]  # a cursor's

    assert {name for name, schools in seen.items() if schools - {here.school_id}} == set()
    assert seen["students"] == seen["attendance"] == {here.school_id}
    assert changed == owner.scalar(text("select count(*) from students where preferred_name = 'Changed'"))


@pytest.mark.parametrize("table", ["demo_visits", "demo_costs"])
def test_nobody_reads_whose_visits_there_are(database: Database, table: str) -> None:
    _id, person = begin(database)

    with pytest.raises(NotAllowed), database.as_person(person) as session:
        session.execute(text(f"select * from {table}"))


def test_no_visit_begins_where_any_school_is_real(database: Database, owner: Connection) -> None:
    visit_id, _ = begin(database)
    found_schools(owner)

    with pytest.raises(NotAllowed):
        DemoVisits(database=database).begin()

    assert owner.scalar(text("select count(*) from demo_visits")) == 1
    # One that had begun still is nobody's but its visitor's.
    assert DemoVisits(database=database).visitor(visit_id, "mei") is not None


def test_whoever_is_known_begins_none(database: Database) -> None:
    _id, person = begin(database)

    with pytest.raises(NotAllowed), database.as_person(person) as session:
        session.execute(text("select private.begin_demo_visit(sha256('x'))"))


def test_an_address_opens_its_own_school_and_no_guess_opens_any(database: Database) -> None:
    visit_id, person = begin(database)
    visits = DemoVisits(database=database)

    assert look(database, visit_id, "siti").school_id == person.school_id
    for guess in ("", "x", visit_id[:-1], visit_id.swapcase(), "A" * 24, str(person.school_id), "é" * 24):
        assert visits.visitor(guess, "mei") is None


def test_whoever_was_taken_out_of_the_school_has_another_look_in_their_place(
    database: Database, owner: Connection
) -> None:
    visit_id, person = begin(database)
    owner.execute(text("update staff set active = false where id = :id"), {"id": person.staff_id})

    assert look(database, visit_id, "mei").full_name == "Arjun Nair"


def test_the_longest_unseen_beyond_fifty_ends_and_one_in_use_stays(database: Database, owner: Connection) -> None:
    oldest, mei = begin(database)
    cheap = [_cheap_visit(owner, seen_s_ago=100 + place) for place in range(49)]
    begun = (
        "update demo_visits set created_at = now() - interval '1 hour' * case school_id when :mine then 2 else 1 end"
    )
    owner.execute(text(begun), {"mine": mei.school_id})
    look(database, oldest, "mei")

    begin(database)

    ended = owner.scalars(text("select school_id from demo_visits where ended_at is not null")).all()
    assert list(ended) == [cheap[-1]]


def test_visits_that_were_only_opened_push_out_none_that_is_used(database: Database, owner: Connection) -> None:
    used, reads_since = (_cheap_visit(owner, seen_s_ago=s_ago) for s_ago in (1800, 100))
    begun = "update demo_visits set created_at = now() - interval '2 hours' where school_id = :used"
    owner.execute(text(begun), {"used": used})
    for _ in range(49):
        _cheap_visit(owner, seen_s_ago=10)

    with database.as_worker() as session:
        session.execute(text("select private.end_old_demo_visits()"))

    ended = owner.scalars(text("select school_id from demo_visits where ended_at is not null")).all()
    assert list(ended) == [reads_since]


def test_looking_again_makes_a_visit_younger_and_a_day_ends_it_all_the_same(
    database: Database, owner: Connection
) -> None:
    visit_id, _ = begin(database)
    owner.execute(text("update demo_visits set seen_at = now() - interval '1 hour'"))
    look(database, visit_id, "mei")
    assert owner.scalar(text("select seen_at > now() - interval '1 minute' from demo_visits"))

    owner.execute(text("update demo_visits set created_at = now() - interval '25 hours'"))

    assert DemoVisits(database=database).visitor(visit_id, "mei") is None


def test_a_crowd_waits_until_a_minute_is_over(database: Database, owner: Connection) -> None:
    for _ in range(30):
        _cheap_visit(owner, seen_s_ago=20)

    with pytest.raises(DemoCrowded, match=r"Reload in (3\d|4\d) s\."):
        begin(database)

    owner.execute(text("update demo_visits set created_at = created_at - interval '1 minute'"))
    begin(database)


def test_of_a_dropped_visit_neither_a_row_nor_a_file_is_left(
    database: Database, owner: Connection, storage: LocalPhotoStorage
) -> None:
    shared = _file_of(owner, storage, _draw_one(owner, SCHOOL_ID))
    _visit_id, mei = begin(database)
    own = _file_of(owner, storage, _draw_one(owner, mei.school_id))
    talk = start_talk(database, mei)
    talk.end(talk.ask())
    _queue_a_portrait(database, mei)
    staying = begin(database)[1].school_id
    before = left_of(owner, staying)
    _end(owner, mei.school_id)

    VisitsEnd(database=database, storage=storage).look()

    assert left_of(owner, mei.school_id) == {}
    assert owner.scalar(text("select count(*) from procrastinate.procrastinate_jobs")) == 0
    assert set(storage.keys()) == {shared}
    assert own != shared
    assert left_of(owner, staying) == before


def test_a_visit_with_something_under_way_is_dropped_when_that_is_over(
    database: Database, owner: Connection, storage: LocalPhotoStorage
) -> None:
    _visit_id, mei = begin(database)
    job = _queue_a_portrait(database, mei)
    owner.execute(text("update photo_jobs set state = 'reserved' where id = :id"), {"id": job})
    _end(owner, mei.school_id)

    while_making = drop_visit(database, storage, mei.school_id)
    owner.execute(text("update photo_jobs set state = 'failed' where id = :id"), {"id": job})

    assert (while_making, drop_visit(database, storage, mei.school_id)) == (False, True)


def test_while_the_store_is_away_visits_without_files_of_their_own_are_dropped(
    database: Database, owner: Connection, tmp_path: Path
) -> None:
    class Away(LocalPhotoStorage):
        def delete(self, keys: Iterable[str]) -> None:
            if list(keys):
                raise StorageAway

    with_files, without = (begin(database)[1].school_id for _ in range(2))
    _draw_one(owner, with_files)
    for school_id in (with_files, without):
        _end(owner, school_id)

    VisitsEnd(database=database, storage=Away(tmp_path)).look()

    assert ended_visits(database) == [with_files]


def test_a_visit_in_use_is_never_dropped(database: Database, storage: LocalPhotoStorage) -> None:
    _visit_id, mei = begin(database)

    VisitsEnd(database=database, storage=storage).look()

    assert drop_visit(database, storage, mei.school_id) is False


def test_what_a_dropped_visit_cost_still_counts_against_the_demos_limit(
    database: Database, owner: Connection, storage: LocalPhotoStorage
) -> None:
    _visit_id, mei = begin(database)
    _pay(owner, mei.school_id, "0.90")
    _end(owner, mei.school_id)
    assert drop_visit(database, storage, mei.school_id)
    _visit_id, other = begin(database)
    _pay(owner, other.school_id, "0.05")

    may_spend = text("select private.demo_may_spend(1, :held)")
    with database.as_person(other) as session:
        assert [session.scalar(may_spend, {"held": held}) for held in ("0.05", "0.06")] == [True, False]
    with database.as_worker() as session:
        ensure_within(session, limit_usd=Decimal(1), held_usd=Decimal("0.05"))
        with pytest.raises(DemoSpendLimitReached):
            ensure_within(session, limit_usd=Decimal(1), held_usd=Decimal("0.06"))


def test_portraits_drawn_later_are_shown_in_visits_that_began_before(database: Database, owner: Connection) -> None:
    school = begin(database)[1].school_id
    photo = _draw_one(owner, SCHOOL_ID)

    VisitsPortraits(database=database).look()

    for table in ("photos", "students", "photo_jobs", "openai_usage", "usage_daily", "usage_monthly_detail"):
        assert rows(owner, table, school) == rows(owner, table, SCHOOL_ID), table
    assert str(photo) not in ids(owner, "photos", school)


def test_a_reset_drops_the_visits_too(database: Database, owner: Connection, storage: LocalPhotoStorage) -> None:
    visit_id, mei = begin(database)

    reset_demo_school(database, storage, today=TODAY)

    assert left_of(owner, mei.school_id) == {}
    assert DemoVisits(database=database).visitor(visit_id, "mei") is None


def test_on_a_new_day_visits_begin_with_that_days_school_and_those_open_keep_theirs(
    database: Database, owner: Connection, storage: LocalPhotoStorage
) -> None:
    owner.execute(text("update schools set created_at = :at"), {"at": f"{TODAY} 08:00+08"})
    file = _file_of(owner, storage, _draw_one(owner, SCHOOL_ID))
    yesterdays, tomorrow = begin(database)[1].school_id, TODAY + timedelta(days=1)

    renewed = [renew_demo_school(database, day) for day in (TODAY, tomorrow)]

    assert renewed == [False, True]
    latest = text("select max(on_date) from attendance where school_id = :school")
    days = [owner.scalar(latest, {"school": one}) for one in (begin(database)[1].school_id, yesterdays)]
    assert days == [TODAY, TODAY - timedelta(days=1)]
    assert set(storage.keys()) == {file}


def test_a_visit_over_midnight_has_the_new_days_meetings_once(database: Database, owner: Connection) -> None:
    yesterdays, todays = (begin(database)[1].school_id for _ in range(2))
    tomorrow = TODAY + timedelta(days=1)
    for school, day in ((yesterdays, TODAY), (todays, tomorrow)):
        begun = text("update demo_visits set created_at = :at where school_id = :school")
        owner.execute(begun, {"at": f"{day} 08:00+08", "school": school})

    with database.as_worker() as session:
        plan_meetings(session, tomorrow)
        share = text("select private.share_demo_meetings(:day)")
        shared = [session.scalar(share, {"day": tomorrow}) for _ in range(2)]

    # Whoever begins on the day has the template's of that day already.
    assert shared == [4, 0]
    at = text("select starts_at from meetings where school_id = :id order by 1")
    assert owner.scalars(at, {"id": yesterdays}).all() == owner.scalars(at, {"id": SCHOOL_ID}).all()


def test_the_operators_people_are_the_templates(database: Database) -> None:
    begin(database)

    assert People(database=database).by_email("mei.tan@demo.school").school_id == SCHOOL_ID


@pytest.mark.parametrize(
    ("key", "outcomes"),
    [
        ("mei", {Outcome.CREATED: 2, Outcome.CHANGED: 1, Outcome.UNCHANGED: 35}),
        ("arjun", {Outcome.CREATED: 2, Outcome.UNCHANGED: 31}),
        ("siti", {Outcome.CREATED: 2, Outcome.CHANGED: 1, Outcome.UNCHANGED: 35}),
    ],
)
def test_the_sample_list_brings_two_students_and_changes_one(
    database: Database, key: str, outcomes: dict[Outcome, int]
) -> None:
    _visit_id, person = begin(database, key)

    plan = Imports(database=database).preview(person, incoming_from([sample_class_list(person)]), Choice())

    assert Counter(row.outcome for row in plan.rows) == outcomes


def _draw_one(owner: Connection, school: UUID) -> UUID:
    """As the worker leaves a drawn portrait: the first that was asked for, under its school's own key."""
    drawn = owner.execute(
        text(
            """
            with job as (
                select j.* from photo_jobs as j where j.school_id = :school and j.state = 'received'
                order by j.called_at limit 1
            ), photo as (
                insert into photos (id, school_id, student_id, storage_key, thumb_key, address, width, height, sha256,
                    model, style, prompt, cost_source, is_current)
                select id, school_id, student_id, concat_ws('/', school_id, student_id, id || '.webp'),
                    concat_ws('/', school_id, student_id, id || '_thumb.webp'), '/app/static/photos/' || id,
                    1, 1, repeat('0', 64), 'm', 'photo', 'p', 'reported', true
                from job
            ), shown as (
                update students as s set profile_photo = '/app/static/photos/' || job.id from job
                where s.id = job.student_id
            ), paid as (
                update openai_usage as u set state = 'settled', estimated_cost = 0.013, cost_source = 'reported'
                from job where u.id = job.usage_id
            )
            update photo_jobs as j set state = 'done', cost_usd = 0.013, cost_source = 'reported', finished_at = now()
            from job where j.id = job.id returning j.id
            """
        ),
        {"school": school},
    ).scalar_one()
    return UUID(str(drawn))


def _file_of(owner: Connection, storage: LocalPhotoStorage, photo: UUID) -> str:
    key = owner.scalar(text("select storage_key from photos where id = :id"), {"id": photo})
    storage.put(str(key), b"file", "image/webp")
    return str(key)


def _queue_a_portrait(database: Database, person: Person) -> UUID:
    wanted = """
        select private.request_portrait(s.id, '{}') from students as s
        where s.portraits_allowed and not exists (
            select from photo_jobs as j where j.student_id = s.id and j.state = 'received'
        ) order by s.full_name limit 1
    """
    with database.as_person(person) as session:
        return UUID(str(session.scalar(text(wanted))))


def _pay(owner: Connection, school: UUID, cost: str) -> None:
    paid = """
        insert into openai_usage (school_id, type, model, feature, state, cost_source, estimated_cost)
        values (:school, 'image', 'm', 'portrait', 'settled', 'reported', :cost)
    """
    owner.execute(text(paid), {"school": school, "cost": cost})


def _end(owner: Connection, school: UUID) -> None:
    owner.execute(text("update demo_visits set ended_at = now() where school_id = :school"), {"school": school})


def _cheap_visit(owner: Connection, *, seen_s_ago: int) -> UUID:
    """Of a school with nobody in it."""
    school = found_school(owner, f"Copy {uuid4()}", kind="demo")
    seen = "now() - make_interval(secs => :seen)"
    owner.execute(
        text(
            "insert into demo_visits (school_id, token_hash, seen_at, created_at)"
            f" values (:school, :hash, {seen}, {seen})"
        ),
        {"school": school.id, "hash": hash_of(str(school.id)), "seen": seen_s_ago},
    )
    return school.id
