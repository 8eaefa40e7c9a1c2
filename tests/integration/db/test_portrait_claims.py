"""A worker's claim takes the slot and holds the cost in one step, or says when to come back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import PhotoGone
from tests.cast import Cast, enrol
from tests.integration.db.records import names_of, record_everything

Request = Callable[[Person, UUID], UUID]


@pytest.fixture
def request_portrait(database: Database) -> Request:
    def request(person: Person, student: UUID) -> UUID:
        with database.as_person(person) as session:
            job = session.scalar(text("select private.request_portrait(:id, '{}')"), {"id": student})
        assert isinstance(job, UUID)
        return job

    return request


def _claim(database: Database, job: UUID, worker: str = "worker 1") -> Any:
    with database.as_worker() as session:
        return session.execute(
            text("select * from private.claim_portrait(:job, :worker, 'key', 'gpt-image', 0.05)"),
            {"job": job, "worker": worker},
        ).one()


def _count(owner: Connection, table: str) -> int:
    return int(owner.scalar(text(f"select count(*) from {table}")) or 0)


def test_a_claim_takes_the_slot_and_holds_the_cost(
    database: Database, owner: Connection, cast: Cast, request_portrait: Request
) -> None:
    job = request_portrait(cast.mei, cast.ana)

    claim = _claim(database, job)

    assert (claim.outcome, claim.attempt) == ("claimed", 1)
    state = owner.execute(text("select state, worker_id, attempt, usage_id from photo_jobs")).one()
    assert state == ("reserved", "worker 1", 1, claim.usage_id)
    held = owner.execute(
        text("select id, user_id, type, model, state, held_cost, estimated_cost, job_id, class_id from openai_usage")
    ).one()
    assert tuple(held) == (
        claim.usage_id, cast.mei.staff_id, "image", "gpt-image", "reserved", Decimal("0.05"), None, job, cast.integrity,
    )  # fmt: skip
    slot = owner.execute(text("select user_id, type, endpoint from rate_limits")).one()
    assert slot == (cast.mei.staff_id, "image", "images.generate")
    assert _count(owner, "usage_daily") == 0


def test_a_job_is_claimed_once_however_many_want_it(
    database: Database, owner: Connection, cast: Cast, request_portrait: Request
) -> None:
    job = request_portrait(cast.mei, cast.ana)

    with ThreadPoolExecutor(10) as workers:
        outcomes = list(workers.map(lambda n: _claim(database, job, f"worker {n}").outcome, range(10)))

    assert sorted(outcomes) == ["claimed"] + ["reserved"] * 9
    assert (_count(owner, "openai_usage"), _count(owner, "rate_limits")) == (1, 1)


@pytest.mark.parametrize("state", ["calling", "received", "done", "failed", "unconfirmed", "cancelled"])
def test_a_claim_of_what_is_not_queued_answers_its_state(
    database: Database, owner: Connection, cast: Cast, state: str
) -> None:
    job = owner.scalar(
        text("insert into photo_jobs (school_id, student_id, state) values (:school, :ana, :state) returning id"),
        {"school": cast.mei.school_id, "ana": cast.ana, "state": state},
    )
    assert isinstance(job, UUID)

    assert _claim(database, job).outcome == state
    assert _count(owner, "openai_usage") == 0


def test_a_claim_of_a_job_that_is_gone_says_so(database: Database, cast: Cast) -> None:
    assert _claim(database, cast.ana).outcome == "gone"


def test_without_a_slot_the_job_waits_until_one_opens_and_nothing_is_held(
    database: Database, owner: Connection, cast: Cast, request_portrait: Request
) -> None:
    owner.execute(text("update limits set at_most = 1"))
    first = request_portrait(cast.mei, cast.ana)
    second = request_portrait(cast.mei, enrol(owner, cast.integrity, "Another"))
    _claim(database, first)

    claim = _claim(database, second)

    taken_at = owner.scalar(text("select created_at from rate_limits"))
    assert isinstance(taken_at, datetime)
    assert (claim.outcome, claim.starts_at) == ("wait", taken_at + timedelta(seconds=60))
    waiting = owner.execute(
        text("select state, not_before, wait_reason from photo_jobs where id = :id"), {"id": second}
    ).one()
    assert waiting == ("queued", claim.starts_at, "slot")
    assert _count(owner, "openai_usage") == 1


def test_a_pause_of_the_provider_costs_no_slot(
    database: Database, owner: Connection, cast: Cast, request_portrait: Request
) -> None:
    until = datetime.now(UTC) + timedelta(minutes=1)
    owner.execute(
        text("insert into provider_pauses (key_hash, paused_until, why) values ('key', :until, 'busy')"),
        {"until": until},
    )

    claim = _claim(database, request_portrait(cast.mei, cast.ana))

    assert (claim.outcome, claim.starts_at) == ("wait", until)
    assert owner.scalar(text("select wait_reason from photo_jobs")) == "provider"
    assert (_count(owner, "rate_limits"), _count(owner, "openai_usage")) == (0, 0)


@pytest.mark.parametrize("pause", [("other", 60), ("key", -60)])
def test_another_key_s_pause_and_one_that_is_over_hold_nobody_up(
    database: Database, owner: Connection, cast: Cast, request_portrait: Request, pause: tuple[str, int]
) -> None:
    owner.execute(
        text("insert into provider_pauses (key_hash, paused_until, why) values (:key, :until, 'busy')"),
        {"key": pause[0], "until": datetime.now(UTC) + timedelta(seconds=pause[1])},
    )

    assert _claim(database, request_portrait(cast.mei, cast.ana)).outcome == "claimed"


@pytest.mark.parametrize("change", ["status = 'left'", "portraits_allowed = false"])
def test_what_was_forbidden_since_the_click_costs_nothing(
    database: Database, owner: Connection, cast: Cast, request_portrait: Request, change: str
) -> None:
    job = request_portrait(cast.mei, cast.ana)
    owner.execute(text(f"update students set {change}"))

    assert _claim(database, job).outcome == "not_allowed"
    assert (_count(owner, "rate_limits"), _count(owner, "openai_usage")) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        "update staff set active = false where id = :mei",
        "delete from class_staff where staff_id = :mei",
        "update enrolments set to_date = current_date where student_id = :ana",
        "update classes set archived_at = now() where id = :integrity",
    ],
    ids=["left the staff", "left the class", "student left the class", "class archived"],
)
def test_a_wish_of_someone_who_may_not_ask_any_more_costs_nothing(
    database: Database, owner: Connection, cast: Cast, request_portrait: Request, change: str
) -> None:
    job = request_portrait(cast.mei, cast.ana)
    names = names_of(cast)
    owner.execute(text(change), {name: value for name, value in names.items() if f":{name}" in change})

    assert _claim(database, job).outcome == "not_allowed"
    assert (_count(owner, "rate_limits"), _count(owner, "openai_usage")) == (0, 0)


def test_an_admin_s_and_the_operator_s_wishes_need_no_class(
    database: Database, owner: Connection, cast: Cast, request_portrait: Request
) -> None:
    of_admin = request_portrait(cast.siti, cast.ana)
    with database.as_worker() as session:
        of_operator = session.scalar(
            text("select private.request_portrait_for(null, :bala, '{}', null)"), {"bala": cast.bala}
        )
    owner.execute(text("update enrolments set to_date = current_date"))
    assert isinstance(of_operator, UUID)

    assert [_claim(database, job).outcome for job in (of_admin, of_operator)] == ["claimed", "claimed"]


def test_a_second_attempt_is_a_row_of_its_own(
    database: Database, owner: Connection, cast: Cast, request_portrait: Request
) -> None:
    job = request_portrait(cast.mei, cast.ana)
    first = _claim(database, job)
    owner.execute(text("update openai_usage set state = 'released'"))
    owner.execute(text("update photo_jobs set state = 'queued'"))

    second = _claim(database, job, "worker 2")

    assert (second.outcome, second.attempt) == ("claimed", 2)
    assert second.usage_id != first.usage_id


def _shown(owner: Connection, cast: Cast) -> Any:
    return owner.execute(
        text(
            "select s.profile_photo, (select p.id from photos as p where p.student_id = s.id and p.is_current)"
            " from students as s where s.id = :ana"
        ),
        {"ana": cast.ana},
    ).one()


def test_an_earlier_photo_is_put_back_taken_off_and_written_down(
    database: Database, owner: Connection, cast: Cast
) -> None:
    photo = record_everything(owner, cast)["photos"]
    owner.execute(text("alter table audit_log disable trigger user"))
    owner.execute(text("delete from audit_log"))

    with database.as_person(cast.mei) as session:
        session.execute(text("select private.use_photo(:photo)"), {"photo": photo})
    assert _shown(owner, cast) == ("a", photo)

    with database.as_person(cast.devi) as session:
        session.execute(text("select private.remove_photo(:ana)"), {"ana": cast.ana})
    assert _shown(owner, cast) == (None, None)

    log = owner.execute(text("select actor_id, action, before, after from audit_log order by created_at")).all()
    assert [tuple(entry) for entry in log] == [
        (cast.mei.staff_id, "use photo", {"photo": None}, {"photo": str(photo)}),
        (cast.devi.staff_id, "remove photo", {"photo": str(photo)}, {"photo": None}),
    ]


def test_removing_no_photo_writes_nothing_down(database: Database, owner: Connection, cast: Cast) -> None:
    with database.as_person(cast.mei) as session:
        session.execute(text("select private.remove_photo(:ana)"), {"ana": cast.ana})

    assert _count(owner, "audit_log") == 0


def test_a_photo_whose_files_are_gone_is_not_put_back(database: Database, owner: Connection, cast: Cast) -> None:
    photo = record_everything(owner, cast)["photos"]
    owner.execute(text("update photos set removed_at = now()"))

    with pytest.raises(PhotoGone), database.as_person(cast.mei) as session:
        session.execute(text("select private.use_photo(:photo)"), {"photo": photo})
