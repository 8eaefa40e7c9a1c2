"""What the sweep finds among rows, and what it does about it."""

from decimal import Decimal
from uuid import UUID

import pytest

from core.demo.faults import Fault
from tests.integration.photos.studio import Studio
from tests.integration.photos.sweeping import forget_turns, found, look, orphan, portrait, received, repaired, unguarded


def test_a_done_job_without_a_photo_is_told(studio: Studio) -> None:
    job_id = portrait(studio)
    orphan(studio, job_id)

    assert repaired(studio) == [("done_without_photo", str(job_id), False)]


def test_a_photo_of_a_job_that_is_not_done_is_told(studio: Studio) -> None:
    job_id = portrait(studio)
    with unguarded(studio, "photo_jobs"):
        studio.run("update photo_jobs set state = 'failed' where id = :id", id=job_id)

    assert repaired(studio) == [("photo_of_undone_job", str(job_id), False)]


def keep_reply(studio: Studio, job_id: UUID, body: bytes = b"{}") -> None:
    studio.run(
        "insert into photo_replies (job_id, school_id, bytes)"
        " select id, school_id, :body from photo_jobs where id = :id",
        id=job_id,
        body=body,
    )


def test_a_reply_of_a_done_job_is_deleted(studio: Studio) -> None:
    job_id = portrait(studio)
    keep_reply(studio, job_id)

    assert found(studio) == [("reply_of_job_over", str(job_id))]
    assert repaired(studio) == [("reply_of_job_over", str(job_id), True)]
    assert studio.count("photo_replies") == 0
    assert repaired(studio) == []


def test_a_reply_that_nothing_came_of_is_left(studio: Studio) -> None:
    studio.stand_in.faults.always(Fault.SERVER_ERROR)
    job_id = portrait(studio)
    keep_reply(studio, job_id)

    assert repaired(studio) == [("reply_of_job_over", str(job_id), False)]
    assert studio.count("photo_replies") == 1


def test_a_lost_reply_is_taken_from_the_spool(studio: Studio) -> None:
    job_id = received(studio)
    body = bytes(studio.one("select bytes from photo_replies").bytes)
    studio.run("delete from photo_replies")
    studio.spool.write(job_id, 1, body)

    assert repaired(studio) == [("received_without_reply", str(job_id), True), ("stored_in_spool", f"{job_id}.1", True)]

    assert repaired(studio) == []
    assert turns(studio, job_id) == 1
    studio.maker.make(job_id)
    assert studio.state(job_id) == "done"


def test_a_reply_that_is_nowhere_ends_the_job_and_keeps_the_cost(studio: Studio) -> None:
    job_id = received(studio)
    studio.run("delete from photo_replies")

    assert repaired(studio) == [("received_without_reply", str(job_id), True)]

    job, (row,) = studio.job(job_id), studio.attempts(job_id)
    assert (job.state, job.error_code, job.cost_source) == ("failed", "reply_lost", "possible")
    assert (row.state, row.cost_source, row.error) == ("settled", "possible", "reply_lost")
    assert job.cost_usd == row.estimated_cost == row.held_cost > 0
    assert repaired(studio) == []


def test_the_end_of_a_batch_s_last_job_ends_the_batch_too(studio: Studio) -> None:
    studio.pace_batches()
    batch_id = studio.start_batch([studio.cast.ana])
    job_id = received(studio)
    studio.run("delete from photo_replies")
    assert studio.jobs_of(batch_id) == [job_id]

    repaired(studio)

    assert studio.batch(batch_id).state == "finished"


def hold(studio: Studio, job_id: UUID, *, attempt: int, created_at: str) -> UUID:
    """A row of the ledger that holds a cost for an attempt."""
    return UUID(
        str(
            studio.one(
                "insert into openai_usage"
                " (school_id, user_id, type, model, job_id, attempt, held_cost, feature, created_at)"
                " select school_id, requested_by, 'image', 'gpt-image-2.5-flare', id, :attempt, 0.02, 'portrait', "
                f"{created_at} from photo_jobs where id = :id returning id",
                id=job_id,
                attempt=attempt,
            ).id
        )
    )


@pytest.mark.parametrize(
    ("created_at", "state", "source"),
    [
        ("called_at - interval '1 millisecond'", "settled", "possible"),
        ("called_at + interval '1 millisecond'", "released", None),
    ],
)
def test_a_cost_held_for_an_earlier_attempt_is_settled(
    studio: Studio, created_at: str, state: str, source: str | None
) -> None:
    job_id = portrait(studio)
    held = hold(studio, job_id, attempt=2, created_at=created_at)

    assert found(studio) == [("reserved_for_nobody", str(held))]
    repaired(studio)

    row = studio.attempts(job_id)[1]
    assert (row.state, row.cost_source) == (state, source)
    assert row.estimated_cost == (Decimal("0.02") if source else None)
    assert found(studio) == ([("paid_twice", str(job_id))] if source else [])


def test_a_cost_held_for_a_job_that_says_what_it_cost_becomes_that(studio: Studio) -> None:
    job_id = portrait(studio)
    with unguarded(studio, "openai_usage"):
        studio.run("update openai_usage set state = 'reserved', cost_source = null, estimated_cost = null")

    assert repaired(studio) == [("reserved_for_nobody", str(studio.attempts(job_id)[0].id), True)]

    (row,) = studio.attempts(job_id)
    assert (row.state, row.cost_source, row.estimated_cost) == ("settled", "reported", studio.job(job_id).cost_usd)
    assert repaired(studio) == []


def test_a_cost_held_for_a_job_that_is_gone_may_have_been_charged(studio: Studio) -> None:
    held = hold(studio, portrait(studio), attempt=2, created_at="now()")
    with unguarded(studio, "openai_usage"):
        studio.run("update openai_usage set job_id = gen_random_uuid() where id = :id", id=held)

    assert ("reserved_for_nobody", str(held), True) in repaired(studio)

    assert studio.one("select cost_source from openai_usage where id = :id", id=held).cost_source == "possible"
    assert found(studio) == [("paid_without_job", str(held))]


@pytest.mark.parametrize(("cost", "source"), [(0.02, "possible"), (0.02, "reported"), (None, "unpriced")])
def test_a_job_that_was_paid_twice_is_told(studio: Studio, cost: float | None, source: str) -> None:
    job_id = portrait(studio)
    settle_another(studio, job_id, cost, source)

    (told,) = look(studio, repair=True).findings
    assert (told.check, told.id, told.repaired) == ("paid_twice", str(job_id), False)
    assert told.detail == f"the job is done; attempt 1 reported, 2 {source}"


def test_an_attempt_that_cost_nothing_is_no_second_payment(studio: Studio) -> None:
    settle_another(studio, portrait(studio), 0, "reported")

    assert found(studio) == []


def settle_another(studio: Studio, job_id: UUID, cost: float | None, source: str) -> None:
    """A second attempt in the ledger, that is over."""
    held = hold(studio, job_id, attempt=2, created_at="now()")
    studio.run(
        "update openai_usage set state = 'settled', estimated_cost = :cost, cost_source = :source where id = :id",
        cost=cost,
        source=source,
        id=held,
    )


def test_a_payment_whose_job_is_gone_is_told(studio: Studio) -> None:
    row = studio.attempts(portrait(studio))[0]
    orphan(studio, row.job_id)
    studio.run("delete from photo_jobs")

    assert repaired(studio) == [("paid_without_job", str(row.id), False)]


def test_a_free_attempt_whose_job_is_gone_is_no_finding(studio: Studio) -> None:
    studio.stand_in.faults.always(Fault.MODERATION_BLOCKED)
    portrait(studio)
    studio.run("delete from photo_jobs")

    assert repaired(studio) == []


@pytest.mark.parametrize("change", ["estimated_cost = 1", "state = 'released', cost_source = null"])
def test_a_job_and_a_ledger_that_differ_are_told(studio: Studio, change: str) -> None:
    job_id = portrait(studio)
    with unguarded(studio, "openai_usage"):
        studio.run(f"update openai_usage set {change}")

    assert repaired(studio) == [("cost_differs", str(job_id), False)]


def test_a_call_that_the_ledger_knows_nothing_of_is_told(studio: Studio) -> None:
    studio.stand_in.faults.always(Fault.MODERATION_BLOCKED)
    job_id = portrait(studio)
    with unguarded(studio, "photo_jobs"), unguarded(studio, "openai_usage"):
        studio.run("update photo_jobs set usage_id = null where id = :id", id=job_id)
        studio.run("delete from openai_usage")

    assert repaired(studio) == [("called_without_ledger", str(job_id), False)]


def test_a_call_that_names_no_row_of_the_ledger_is_told(studio: Studio) -> None:
    studio.stand_in.faults.always(Fault.SERVER_ERROR)
    job_id = portrait(studio)
    studio.run("update photo_jobs set usage_id = null where id = :id", id=job_id)

    assert repaired(studio) == [("called_without_ledger", str(job_id), False)]


def test_a_student_who_shows_another_picture_gets_the_current_one(studio: Studio) -> None:
    job_id = portrait(studio)
    studio.run("update students set profile_photo = 'https://elsewhere.example/x' where id = :id", id=studio.cast.ana)

    assert repaired(studio) == [("shown_differs", str(studio.cast.ana), True)]

    assert shown(studio) == f"/app/static/photos/{job_id}"
    assert repaired(studio) == []


def test_a_student_who_shows_a_picture_that_is_not_current_shows_none(studio: Studio) -> None:
    portrait(studio)
    studio.run("update photos set is_current = false")

    assert repaired(studio) == [("shown_differs", str(studio.cast.ana), True)]

    assert shown(studio) is None
    assert repaired(studio) == []


def test_an_address_that_is_not_ours_is_left(studio: Studio) -> None:
    studio.run("update students set profile_photo = 'https://elsewhere.example/x' where id = :id", id=studio.cast.ana)

    assert repaired(studio) == [("shown_differs", str(studio.cast.ana), False)]

    assert shown(studio) == "https://elsewhere.example/x"


def test_a_repair_that_is_refused_is_left_and_the_others_go_on(studio: Studio) -> None:
    studio.run("update students set profile_photo = '/app/static/photos/gone' where id = :id", id=studio.cast.ana)
    studio.run(
        "create function refuse() returns trigger language plpgsql as"
        " $$ begin raise 'no' using errcode = 'SR510'; end $$"
    )
    studio.run("create trigger refuse before update on students for each row execute function refuse()")
    job_id = studio.ask()
    forget_turns(studio)

    assert repaired(studio) == [("shown_differs", str(studio.cast.ana), False), ("stray", str(job_id), True)]


def test_a_job_that_the_queue_lost_is_put_back(studio: Studio) -> None:
    job_id = studio.ask()
    forget_turns(studio)

    assert found(studio) == [("stray", str(job_id))]
    assert repaired(studio) == [("stray", str(job_id), True)]

    assert turns(studio, job_id) == 1
    assert repaired(studio) == []


@pytest.mark.parametrize("fault", [Fault.NONE, Fault.BAD_REQUEST])
def test_a_turn_of_a_job_that_is_over_is_deleted(studio: Studio, fault: Fault) -> None:
    studio.stand_in.faults.always(fault)
    job_id = studio.make()
    (turn,) = studio.rows("select id from procrastinate.procrastinate_jobs")

    assert found(studio) == [("queued_but_over", str(turn.id))]
    assert repaired(studio) == [("queued_but_over", str(turn.id), True)]

    assert turns(studio, job_id) == 0
    assert repaired(studio) == []


def test_a_turn_of_a_job_that_is_gone_is_deleted(studio: Studio) -> None:
    job_id = studio.ask()
    studio.run("delete from photo_jobs")

    assert [(finding.check, finding.repaired) for finding in look(studio, repair=True).findings] == [
        ("queued_but_over", True)
    ]
    assert turns(studio, job_id) == 0


def test_a_turn_that_waits_for_its_time_is_no_finding(studio: Studio) -> None:
    job_id = studio.ask()
    studio.photos.cancel(studio.cast.mei, job_id)
    with unguarded(studio, "procrastinate.procrastinate_jobs"):
        studio.run("update procrastinate.procrastinate_jobs set scheduled_at = now() + interval '1 hour'")

    assert found(studio) == []


def test_a_batch_with_nothing_left_to_do_is_finished(studio: Studio) -> None:
    batch_id = finished_batch(studio)
    studio.run("update photo_batches set state = 'running', finished_at = null")

    assert found(studio) == [("endless_batch", str(batch_id))]
    assert repaired(studio) == [("endless_batch", str(batch_id), True)]

    batch = studio.batch(batch_id)
    assert batch.state == "finished"
    assert batch.finished_at is not None
    assert repaired(studio) == []


def test_a_cancelled_batch_with_nothing_left_to_do_stays_cancelled(studio: Studio) -> None:
    batch_id = finished_batch(studio)
    studio.run("update photo_batches set state = 'cancelled', finished_at = null")

    repaired(studio)

    assert (studio.batch(batch_id).state, repaired(studio)) == ("cancelled", [])


def test_a_batch_that_was_finished_too_early_is_told(studio: Studio) -> None:
    batch_id = studio.start_batch([studio.cast.ana])
    studio.run("update photo_batches set state = 'finished', finished_at = now()")

    assert repaired(studio) == [("finished_too_early", str(batch_id), False)]


def test_a_late_reply_of_a_finished_batch_is_no_finding(studio: Studio) -> None:
    studio.pace_batches()
    studio.start_batch([studio.cast.ana])
    received(studio)
    studio.run("update photo_batches set state = 'finished', finished_at = now()")

    assert [check for check, _ in found(studio)] == ["stray"]


def finished_batch(studio: Studio) -> UUID:
    studio.pace_batches()
    batch_id = studio.start_batch([studio.cast.ana])
    (job_id,) = studio.jobs_of(batch_id)
    studio.maker.make(job_id)
    forget_turns(studio)
    assert studio.batch(batch_id).state == "finished"
    return batch_id


def turns(studio: Studio, job_id: UUID) -> int:
    """How often the queue holds the job."""
    entries = "select from procrastinate.procrastinate_jobs where args ->> 'job_id' = :id"
    return len(studio.rows(entries, id=str(job_id)))


def shown(studio: Studio) -> object:
    return studio.one("select profile_photo from students where id = :id", id=studio.cast.ana).profile_photo
