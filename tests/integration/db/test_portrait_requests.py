"""A click becomes one job, ten may be asked for at once, and who may not ask is told so."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import PortraitNotAllowed, TooManyWaiting, UnknownStudent
from tests.cast import Cast, enrol


def _request(database: Database, person: Person, student: UUID, retry_of: UUID | None = None) -> UUID:
    with database.as_person(person) as session:
        job = session.scalar(
            text("select private.request_portrait(:student, cast(:options as jsonb), :retry_of)"),
            {"student": student, "options": '{"style": "photo"}', "retry_of": retry_of},
        )
    assert isinstance(job, UUID)
    return job


def _cancel(database: Database, person: Person, job: UUID) -> bool:
    with database.as_person(person) as session:
        return bool(session.scalar(text("select private.cancel_portrait(:job)"), {"job": job}))


def _more_students(owner: Connection, cast: Cast, count: int) -> list[UUID]:
    return [enrol(owner, cast.integrity, f"Student {place}") for place in range(count)]


def _end(owner: Connection, states: Sequence[str]) -> None:
    for state in states:
        owner.execute(text("update photo_jobs set state = :state"), {"state": state})


def test_twenty_clicks_at_once_make_one_job_and_one_turn_in_the_queue(
    database: Database, owner: Connection, cast: Cast
) -> None:
    with ThreadPoolExecutor(20) as clicks:
        jobs = set(clicks.map(lambda _: _request(database, cast.mei, cast.ana), range(20)))

    assert len(jobs) == 1
    assert owner.scalar(text("select count(*) from photo_jobs")) == 1
    queued = owner.execute(text("select task_name, queue_name, args, status from procrastinate.procrastinate_jobs"))
    assert queued.all() == [("make_portrait", "photos", {"job_id": str(*jobs)}, "todo")]


def test_a_job_remembers_who_asked_for_what_and_of_which_class(
    database: Database, owner: Connection, cast: Cast
) -> None:
    _request(database, cast.mei, cast.ana)

    row = owner.execute(
        text("select school_id, student_id, class_id, requested_by, type, options, state, attempt from photo_jobs")
    ).one()
    assert tuple(row) == (
        cast.mei.school_id, cast.ana, cast.integrity, cast.mei.staff_id, "image", {"style": "photo"}, "queued", 0,
    )  # fmt: skip


def test_ten_are_accepted_and_the_eleventh_hears_when_the_first_starts(
    database: Database, owner: Connection, cast: Cast
) -> None:
    *students, eleventh = _more_students(owner, cast, 11)
    before = datetime.now(UTC)
    for student in students:
        _request(database, cast.mei, student)

    with pytest.raises(TooManyWaiting) as refused:
        _request(database, cast.mei, eleventh)

    starts = list(owner.scalars(text("select not_before from photo_jobs order by created_at")))
    assert starts[:5] == [None] * 5
    assert all(at >= before + timedelta(seconds=60) for at in starts[5:])
    assert str(refused.value).startswith("5 portraits are already waiting.")
    assert f"{min(starts[5:]).astimezone(cast.mei.zone):%H:%M:%S}" in str(refused.value)


def test_clicks_on_many_students_at_once_are_counted_one_by_one(
    database: Database, owner: Connection, cast: Cast
) -> None:
    def accepted(student: UUID) -> bool:
        try:
            _request(database, cast.mei, student)
        except TooManyWaiting:
            return False
        return True

    with ThreadPoolExecutor(10) as clicks:
        answers = list(clicks.map(accepted, _more_students(owner, cast, 14)))

    assert answers.count(True) == 10


def test_while_five_wait_behind_a_full_window_the_next_is_refused(
    database: Database, owner: Connection, cast: Cast
) -> None:
    students = _more_students(owner, cast, 6)
    for _ in range(5):
        with database.as_person(cast.mei) as session:
            session.execute(text("select private.take_slot('image', 'images.generate')"))
    for student in students[:5]:
        _request(database, cast.mei, student)

    with pytest.raises(TooManyWaiting):
        _request(database, cast.mei, students[5])


def test_what_one_teacher_waits_for_is_not_counted_against_another(
    database: Database, owner: Connection, cast: Cast
) -> None:
    for student in _more_students(owner, cast, 10):
        _request(database, cast.mei, student)

    jobs = {_request(database, cast.arjun, cast.bala), _request(database, cast.siti, cast.ana)}

    assert len(jobs) == 2


def test_an_unknown_student_is_refused(database: Database, cast: Cast) -> None:
    with pytest.raises(UnknownStudent):
        _request(database, cast.siti, cast.cara)


@pytest.mark.parametrize("change", ["status = 'left'", "portraits_allowed = false"])
def test_no_portrait_of_whom_none_may_be_made(database: Database, owner: Connection, cast: Cast, change: str) -> None:
    owner.execute(text(f"update students set {change} where id = :ana"), {"ana": cast.ana})

    with pytest.raises(PortraitNotAllowed):
        _request(database, cast.mei, cast.ana)

    assert owner.scalar(text("select count(*) from photo_jobs")) == 0


def test_the_operator_asks_in_nobody_s_name(database: Database, owner: Connection, cast: Cast) -> None:
    with database.as_worker() as session:
        session.execute(text("select private.request_portrait_for(null, :ana, '{}', null)"), {"ana": cast.ana})

    assert owner.scalar(text("select requested_by from photo_jobs")) is None


def test_a_cancelled_job_stays_cancelled_and_the_next_click_makes_another(
    database: Database, owner: Connection, cast: Cast
) -> None:
    job = _request(database, cast.mei, cast.ana)

    assert [_cancel(database, cast.mei, job) for _ in range(2)] == [True, False]
    assert owner.scalar(text("select state from photo_jobs")) == "cancelled"
    assert _request(database, cast.mei, cast.ana) != job


@pytest.mark.parametrize("begun", [["reserved"], ["reserved", "calling"], ["reserved", "calling", "received"]])
def test_what_has_begun_is_not_cancelled(database: Database, owner: Connection, cast: Cast, begun: list[str]) -> None:
    job = _request(database, cast.mei, cast.ana)
    _end(owner, begun)

    assert _cancel(database, cast.mei, job) is False
    assert owner.scalar(text("select state from photo_jobs")) == begun[-1]


def test_another_teacher_of_the_class_may_cancel(database: Database, cast: Cast) -> None:
    job = _request(database, cast.mei, cast.ana)

    assert _cancel(database, cast.devi, job) is True


@pytest.mark.parametrize("ended", [["failed"], ["cancelled"], ["reserved", "calling", "unconfirmed"]])
def test_what_ended_without_a_picture_is_asked_for_again_as_a_new_job(
    database: Database, owner: Connection, cast: Cast, ended: list[str]
) -> None:
    job = _request(database, cast.mei, cast.ana)
    _end(owner, ended)

    again = _request(database, cast.mei, cast.ana, retry_of=job)

    assert owner.scalar(text("select retry_of from photo_jobs where id = :id"), {"id": again}) == job


def test_only_the_student_s_own_ended_job_is_repeated(database: Database, owner: Connection, cast: Cast) -> None:
    (other,) = _more_students(owner, cast, 1)
    job = _request(database, cast.mei, other)
    _end(owner, ["failed"])

    with pytest.raises(UnknownStudent):
        _request(database, cast.mei, cast.ana, retry_of=job)
