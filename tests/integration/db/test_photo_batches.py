"""A batch: who is in it, when each one starts, and what pausing, cancelling and trying again do."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Row, text

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import ClassBusy, NobodyLeft, NotAllowed, UnknownBatch
from core.photos.batches.batch import BatchState, Counts
from core.photos.batches.service import ClassPhotos
from core.photos.prompt import Style
from core.usage.model_choice import ImageChoice
from tests.cast import Cast, assign, enrol

CHOICE = ImageChoice(model="gpt-image-2.5-flare", size="1024x1024", quality="medium")
MADE = ("reserved", "calling", "received", "done")
UNCONFIRMED = ("reserved", "calling", "unconfirmed")


@pytest.fixture
def class_photos(database: Database) -> ClassPhotos:
    return ClassPhotos(database=database, choice=CHOICE, at_once=4)


@pytest.fixture
def students(owner: Connection, cast: Cast) -> list[UUID]:
    """Three of Integrity."""
    return [enrol(owner, cast.integrity, f"Student {place}") for place in range(3)]


def start(
    class_photos: ClassPhotos, person: Person, class_id: UUID, students: Sequence[UUID], *, only_without: bool = False
) -> UUID:
    return class_photos.start(person, class_id, students, style=Style.PHOTO, only_without=only_without)


def jobs(owner: Connection) -> list[Row[Any]]:
    return list(owner.execute(text("select * from photo_jobs order by created_at, place")))


def queued(owner: Connection) -> list[Row[Any]]:
    return list(
        owner.execute(
            text(
                "select q.queue_name, q.priority, q.scheduled_at, q.args ->> 'job_id' as job_id"
                " from procrastinate.procrastinate_jobs as q where q.status = 'todo' order by q.priority desc, q.id"
            )
        )
    )


def move(owner: Connection, student: UUID, states: Sequence[str]) -> None:
    for state in states:
        owner.execute(
            text(
                "update photo_jobs set state = :state"
                " where student_id = :student and state in ('queued', 'reserved', 'calling', 'received', 'unconfirmed')"
            ),
            {"state": state, "student": student},
        )


def test_each_student_gets_one_job_two_seconds_after_the_one_before(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)

    made = jobs(owner)
    assert [job.student_id for job in made] == students
    assert {(job.type, job.batch_id, job.class_id, job.requested_by) for job in made} == {
        ("batch_image", batch_id, cast.integrity, cast.mei.staff_id)
    }
    first, second, third = made
    assert first.not_before is None
    assert third.not_before - second.not_before == timedelta(seconds=2)
    assert [(turn.queue_name, turn.job_id) for turn in queued(owner)] == [("class_photos", str(job.id)) for job in made]


def test_beyond_the_hour_s_fifty_the_next_start_an_hour_later(
    class_photos: ClassPhotos, owner: Connection, cast: Cast
) -> None:
    owner.execute(text("update limits set at_most = 3 where type = 'batch_image'"))
    many = [enrol(owner, cast.integrity, f"Student {place}") for place in range(7)]

    start(class_photos, cast.mei, cast.integrity, many)

    starts = [job.not_before for job in jobs(owner)][1:]
    first = starts[0] - timedelta(seconds=2)
    expected = [2, 4, 3600, 3602, 3604, 7200]
    assert [round((moment - first).total_seconds()) for moment in starts] == expected


def test_the_forecast_counts_what_the_hour_already_holds(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    owner.execute(text("update limits set at_most = 4 where type = 'batch_image'"))
    start(class_photos, cast.mei, cast.integrity, students)

    one, two = class_photos.forecast(cast.mei, 1), class_photos.forecast(cast.mei, 2)

    assert timedelta(seconds=5) < one.last_starts_at - one.now < timedelta(seconds=7)
    assert timedelta(minutes=59) < two.last_starts_at - two.now < timedelta(minutes=61)
    assert class_photos.forecast(cast.devi, 1).last_starts_at <= class_photos.forecast(cast.devi, 1).now


def test_many_clicks_at_once_make_one_batch_with_one_job_a_student(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    people = [cast.mei, cast.devi] * 8
    with ThreadPoolExecutor(16) as clicks:
        batches = set(clicks.map(lambda person: start(class_photos, person, cast.integrity, students), people))

    assert len(batches) == 1
    assert len(jobs(owner)) == len(students)
    assert len(queued(owner)) == len(students)


def test_who_can_have_none_now_is_left_out(
    class_photos: ClassPhotos, database: Database, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    forbidden, under_way, unconfirmed = students
    owner.execute(text("update students set portraits_allowed = false where id = :id"), {"id": forbidden})
    for student in (under_way, unconfirmed):
        with database.as_person(cast.mei) as session:
            session.execute(text("select private.request_portrait(:id, '{}')"), {"id": student})
    move(owner, unconfirmed, UNCONFIRMED)
    elsewhere = cast.bala

    batch = class_photos.batch(
        cast.mei, start(class_photos, cast.mei, cast.integrity, [*students, elsewhere, cast.ana])
    )

    assert [result.student_id for result in batch.results] == [cast.ana]


def test_whoever_got_a_photo_meanwhile_is_not_paid_for_again(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    give_photo(owner, students[0])

    with_it = start(class_photos, cast.mei, cast.integrity, students, only_without=True)

    assert [result.student_id for result in class_photos.batch(cast.mei, with_it).results] == students[1:]


def give_photo(owner: Connection, student: UUID) -> None:
    """As the worker leaves it."""
    job = owner.scalar(
        text(
            "insert into photo_jobs (school_id, student_id, state) select school_id, id, 'done' from students"
            " where id = :id returning id"
        ),
        {"id": student},
    )
    owner.execute(
        text(
            "insert into photos (school_id, id, student_id, storage_key, thumb_key, address, width, height, sha256,"
            " model, style, prompt, cost_source, is_current) select school_id, id, student_id, 'k', 't', 'a', 1, 1,"
            " repeat('0', 64), 'm', 'photo', 'p', 'reported', true from photo_jobs where id = :job"
        ),
        {"job": job},
    )


def test_nobody_left_is_said_and_leaves_nothing_behind(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    owner.execute(text("update students set portraits_allowed = false"))

    with pytest.raises(NobodyLeft):
        start(class_photos, cast.mei, cast.integrity, students)

    assert owner.scalar(text("select count(*) from photo_batches")) == 0


def test_only_teachers_of_the_class_and_admins_may_start_see_and_change_it(
    class_photos: ClassPhotos, cast: Cast, students: list[UUID]
) -> None:
    for stranger in (cast.arjun, cast.ben):
        with pytest.raises(NotAllowed):
            start(class_photos, stranger, cast.integrity, students)
    batch_id = start(class_photos, cast.mei, cast.integrity, students)

    for stranger in (cast.arjun, cast.ben):
        with pytest.raises(UnknownBatch):
            class_photos.batch(stranger, batch_id)
        for change in (class_photos.pause, class_photos.resume, class_photos.cancel, class_photos.retry_failed):
            with pytest.raises(NotAllowed):
                change(stranger, batch_id)
        assert class_photos.active(stranger) == []
    for member in (cast.devi, cast.siti):
        assert class_photos.batch(member, batch_id).counts == Counts(waiting=3)
        assert [line.id for line in class_photos.active(member)] == [batch_id]


def test_an_archived_class_gets_no_photos(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    owner.execute(text("update classes set archived_at = now() where id = :id"), {"id": cast.integrity})

    with pytest.raises(NotAllowed):
        start(class_photos, cast.siti, cast.integrity, students)


def test_the_last_one_ends_the_batch(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)
    done, failed, unconfirmed = students

    move(owner, done, MADE)
    move(owner, failed, ["failed"])
    assert class_photos.batch(cast.mei, batch_id).state is BatchState.RUNNING
    move(owner, unconfirmed, UNCONFIRMED)

    batch = class_photos.batch(cast.mei, batch_id)
    assert batch.state is BatchState.FINISHED
    assert batch.finished_at is not None
    assert batch.counts == Counts(done=1, not_made=1, unconfirmed=1)
    assert class_photos.active_of(cast.mei, cast.integrity) is None


def test_two_last_ones_at_the_same_time_end_the_batch(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)

    with ThreadPoolExecutor(3) as ends:
        list(ends.map(lambda student: fail_in_its_own_transaction(owner, student), students))

    assert class_photos.batch(cast.mei, batch_id).state is BatchState.FINISHED


def fail_in_its_own_transaction(owner: Connection, student: UUID) -> None:
    with owner.engine.connect().execution_options(isolation_level="READ COMMITTED") as own, own.begin():
        own.execute(text("update photo_jobs set state = 'failed' where student_id = :id"), {"id": student})
        own.execute(text("select pg_sleep(0.05)"))


def test_a_paused_batch_keeps_its_places_and_gets_new_times_when_it_goes_on(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)
    before = {turn.job_id for turn in queued(owner)}

    assert [class_photos.pause(cast.devi, batch_id) for _ in range(2)] == [True, False]
    paused = class_photos.batch(cast.mei, batch_id)
    assert (paused.state, paused.pause_reason, paused.counts) == (BatchState.PAUSED, "asked", Counts(waiting=3))

    assert [class_photos.resume(cast.mei, batch_id) for _ in range(2)] == [True, False]
    assert class_photos.batch(cast.mei, batch_id).state is BatchState.RUNNING
    assert {turn.job_id for turn in queued(owner)} == before
    assert len(queued(owner)) == 3


def test_what_a_paused_batch_keeps_waiting_is_not_ahead_of_another_class(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    assign(owner, cast.mei, cast.courage, "subject")
    class_photos.pause(cast.mei, start(class_photos, cast.mei, cast.integrity, students))

    batch = class_photos.batch(cast.mei, start(class_photos, cast.mei, cast.courage, [cast.bala]))

    assert batch.results[0].starts_at is None


def test_a_cancelled_batch_finishes_what_is_being_made_and_starts_no_more(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)
    move(owner, students[0], ["reserved", "calling"])

    assert [class_photos.cancel(cast.mei, batch_id) for _ in range(2)] == [True, False]
    cancelled = class_photos.batch(cast.mei, batch_id)
    assert (cancelled.state, cancelled.is_active) == (BatchState.CANCELLED, True)
    assert cancelled.counts == Counts(cancelled=2, making=1)

    move(owner, students[0], ["received", "done"])
    over = class_photos.batch(cast.mei, batch_id)
    assert (over.state, over.is_active, over.counts) == (BatchState.CANCELLED, False, Counts(done=1, cancelled=2))


def test_only_what_failed_is_tried_again_once_and_the_batch_goes_on(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)
    done, failed, unconfirmed = students
    move(owner, done, MADE)
    move(owner, failed, ["failed"])
    move(owner, unconfirmed, UNCONFIRMED)
    assert [result.student_id for result in class_photos.batch(cast.mei, batch_id).to_retry] == [failed]

    with ThreadPoolExecutor(8) as clicks:
        again = list(clicks.map(lambda _: class_photos.retry_failed(cast.devi, batch_id), range(8)))

    batch = class_photos.batch(cast.mei, batch_id)
    assert sorted(again) == [0] * 7 + [1]
    assert batch.state is BatchState.RUNNING
    assert batch.counts == Counts(done=1, unconfirmed=1, waiting=1)
    assert jobs(owner)[-1].requested_by == cast.devi.staff_id
    assert len(queued(owner)) == 4


def test_what_may_have_been_charged_is_paid_again_only_for_the_one_that_was_named(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)
    for student in students:
        move(owner, student, UNCONFIRMED)

    assert class_photos.generate_again(cast.mei, batch_id, students[1]) == 1

    assert class_photos.batch(cast.mei, batch_id).counts == Counts(unconfirmed=2, waiting=1)
    assert [result.student_id for result in class_photos.batch(cast.mei, batch_id).to_decide] == [
        students[0], students[2],
    ]  # fmt: skip


def test_a_decision_to_leave_it_is_asked_for_no_more(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students[:1])
    move(owner, students[0], UNCONFIRMED)
    (result,) = class_photos.batch(cast.mei, batch_id).to_decide

    assert class_photos.leave(cast.arjun, result.job_id) is False
    assert [class_photos.leave(cast.mei, result.job_id) for _ in range(2)] == [True, False]

    assert class_photos.batch(cast.mei, batch_id).to_decide == ()
    assert class_photos.batch(cast.mei, batch_id).counts == Counts(unconfirmed=1)


def test_who_got_a_photo_elsewhere_is_not_tried_again(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)
    for student in students:
        move(owner, student, ["failed"])
    give_photo(owner, students[0])

    assert class_photos.retry_failed(cast.mei, batch_id) == 2


def test_while_another_batch_of_the_class_runs_an_earlier_one_stays_as_it_is(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    earlier = start(class_photos, cast.mei, cast.integrity, students[:1])
    move(owner, students[0], ["failed"])
    start(class_photos, cast.mei, cast.integrity, students[1:])

    with pytest.raises(ClassBusy):
        class_photos.retry_failed(cast.mei, earlier)


def test_retried_in_a_paused_batch_it_waits_with_the_others(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)
    move(owner, students[0], ["failed"])
    class_photos.pause(cast.mei, batch_id)

    assert class_photos.retry_failed(cast.mei, batch_id) == 1

    batch = class_photos.batch(cast.mei, batch_id)
    assert (batch.state, batch.counts) == (BatchState.PAUSED, Counts(waiting=3))


def test_what_was_tried_twice_costs_both_times(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students[:1])
    end_with_cost(owner, UNCONFIRMED, "possible")
    class_photos.generate_again(cast.mei, batch_id, students[0])
    end_with_cost(owner, MADE, "reported")

    spent = class_photos.batch(cast.mei, batch_id).spent
    assert (float(spent.cost_usd), float(spent.possible_usd), spent.unpriced) == (0.04, 0.02, 0)
    assert class_photos.of_class(cast.mei, cast.integrity)[0].spent == spent


def end_with_cost(owner: Connection, states: Sequence[str], source: str) -> None:
    for state in states:
        owner.execute(
            text(
                "update photo_jobs set state = :state, cost_usd = 0.02, cost_source = :source"
                " where id = (select id from photo_jobs order by created_at desc limit 1)"
            ),
            {"state": state, "source": source},
        )


def test_starting_pausing_and_cancelling_stand_in_the_audit_log(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students)
    class_photos.pause(cast.mei, batch_id)
    class_photos.resume(cast.siti, batch_id)
    class_photos.cancel(cast.siti, batch_id)

    log = owner.execute(text("select actor_id, action, object from audit_log order by created_at")).all()
    assert [(row.actor_id, row.action) for row in log] == [
        (cast.mei.staff_id, "start class photos"),
        (cast.mei.staff_id, "pause class photos"),
        (cast.siti.staff_id, "resume class photos"),
        (cast.siti.staff_id, "cancel class photos"),
    ]
    assert {row.object for row in log} == {f"class {cast.integrity}"}


def test_an_earlier_due_portrait_goes_first_whoever_s_class_it_is_of(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    start(class_photos, cast.mei, cast.integrity, students)
    start(class_photos, cast.arjun, cast.courage, [cast.bala])

    later = [turn.scheduled_at for turn in queued(owner) if turn.scheduled_at is not None]
    assert len(later) == 2
    assert later == sorted(later)
    assert str(jobs(owner)[-1].id) in [turn.job_id for turn in queued(owner)[:2]]


def test_who_left_the_class_stays_in_what_its_photos_cost(
    class_photos: ClassPhotos, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students[:2])
    for student in students[:2]:
        move(owner, student, MADE)
    owner.execute(text("update enrolments set to_date = current_date where student_id = :id"), {"id": students[0]})

    batch = class_photos.batch(cast.mei, batch_id)

    assert batch.counts == Counts(done=2)
    assert [result.full_name for result in batch.results] == ["Left the class", "Student 1"]
    with pytest.raises(UnknownBatch):
        class_photos.batch(cast.arjun, batch_id)


def test_a_decision_and_a_pause_of_its_own_stand_in_the_audit_log(
    class_photos: ClassPhotos, database: Database, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students[:2])
    move(owner, students[0], UNCONFIRMED)
    (result,) = class_photos.batch(cast.mei, batch_id).to_decide
    class_photos.leave(cast.mei, result.job_id)
    with database.as_worker() as session:
        session.execute(text("select private.pause_batch_for(:id, 'key_rejected', 'No.')"), {"id": batch_id})

    log = owner.execute(text("select actor_id, action from audit_log order by created_at")).all()
    assert [tuple(row) for row in log[1:]] == [
        (cast.mei.staff_id, "leave unconfirmed portrait"),
        (None, "pause class photos"),
    ]
    paused = class_photos.batch(cast.mei, batch_id)
    assert (paused.state, paused.pause_reason, paused.message) == (BatchState.PAUSED, "key_rejected", "No.")


def test_what_came_back_to_a_cancelled_batch_is_cancelled_when_nothing_can_be_made(
    class_photos: ClassPhotos, database: Database, owner: Connection, cast: Cast, students: list[UUID]
) -> None:
    batch_id = start(class_photos, cast.mei, cast.integrity, students[:1])
    move(owner, students[0], ["reserved", "calling"])
    class_photos.cancel(cast.mei, batch_id)
    move(owner, students[0], ["queued"])

    with database.as_worker() as session:
        session.execute(text("select private.pause_batch_for(:id, 'disk_full', 'Full.')"), {"id": batch_id})

    batch = class_photos.batch(cast.mei, batch_id)
    assert (batch.state, batch.is_active, batch.counts) == (BatchState.CANCELLED, False, Counts(cancelled=1))
