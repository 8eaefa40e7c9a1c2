"""The worker itself: its queue, its locks, and what happens when something under it breaks."""

from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from time import sleep

import psycopg2
import pytest
from sqlalchemy import text

from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing
from core.jobs.locks import JobLocks
from tests.integration.photos.small_pictures import draw_small
from tests.integration.photos.studio import Studio, wait_until, was_delivered_again, working

LONGER_THAN_A_RESCUE_S = 3


@pytest.fixture
def stand_in() -> StandIn:
    """With `HANG_BILLED` it answers when it is closed."""
    return make_app(timing=Timing(hang_s=60), draw=draw_small)


def test_two_workers_make_each_of_twenty_portraits_once(studio: Studio) -> None:
    studio.limit_images(at_most=100)
    students = studio.enrol(20)
    jobs = [studio.ask(student) for student in students]

    with working(studio.worker(), studio.worker(maker=replace(studio.maker, worker_id="the other worker"))):
        wait_until(lambda: queue_is_empty(studio))

    assert {studio.state(job_id) for job_id in jobs} == {"done"}
    assert studio.stand_in.ledger.requests == studio.count("openai_usage") == studio.count("photos") == 20


def test_a_job_delivered_twice_more_is_made_once(studio: Studio) -> None:
    job_id = studio.ask()
    with studio.database.as_worker() as session:
        for _ in range(2):
            session.execute(
                text("select private.defer_job('make_portrait', jsonb_build_object('job_id', :id), 0, null)"),
                {"id": str(job_id)},
            )

    with working(studio.worker()):
        wait_until(lambda: queue_is_empty(studio))

    assert (studio.state(job_id), studio.job(job_id).attempt) == ("done", 1)
    assert studio.stand_in.ledger.requests == studio.count("openai_usage") == 1


def test_a_job_that_someone_else_holds_is_kept_for_when_they_are_gone(studio: Studio) -> None:
    job_id = studio.ask()
    someone_else = JobLocks(studio.addresses.worker)

    with ExitStack() as holding:
        assert holding.enter_context(someone_else.hold(job_id))
        with working(studio.worker()):
            wait_until(lambda: was_delivered_again(studio))
            assert studio.state(job_id) == "queued"
            holding.close()
            wait_until(lambda: queue_is_empty(studio))
    someone_else.close()

    assert studio.state(job_id) == "done"


def test_those_who_wait_for_a_slot_are_made_in_order_when_it_opens(studio: Studio) -> None:
    studio.limit_images(at_most=2, per_seconds=1.5)
    jobs = [studio.ask(student) for student in studio.enrol(4)]

    with working(studio.worker()):
        wait_until(lambda: queue_is_empty(studio))

    called = [studio.job(job_id).called_at for job_id in jobs]
    assert {studio.state(job_id) for job_id in jobs} == {"done"}
    assert max(called[:2]) < min(called[2:])
    slots = studio.slots()
    assert slots[2] - slots[0] >= timedelta(seconds=1.5)


def test_a_slow_worker_is_not_taken_for_dead(studio: Studio) -> None:
    studio.stand_in.faults.always(Fault.HANG_BILLED)
    job_id = studio.ask()

    with working(studio.worker(), studio.worker(maker=replace(studio.maker, worker_id="the other worker"))):
        wait_until(lambda: studio.state(job_id) == "calling")
        sleep(LONGER_THAN_A_RESCUE_S)
        studio.stand_in.close()
        wait_until(lambda: queue_is_empty(studio))

    job = studio.job(job_id)
    assert (job.state, job.attempt) == ("done", 1)
    assert studio.stand_in.ledger.requests == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_loses_its_locks_halfway_still_pays_once(studio: Studio, workers: int) -> None:
    studio.stand_in.faults.always(Fault.HANG_BILLED)
    job_id = studio.ask()

    with working(*(studio.worker() for _ in range(workers))):
        wait_until(lambda: studio.stand_in.ledger.billed_images == 1)
        break_the_locks(studio)
        wait_until(lambda: was_delivered_again(studio))
        studio.stand_in.close()
        wait_until(lambda: queue_is_empty(studio) and studio.state(job_id) == "done")

    (row,) = studio.attempts(job_id)
    assert (row.state, row.cost_source) == ("settled", "reported")
    assert studio.stand_in.ledger.requests == 1


def test_a_connection_that_broke_while_nothing_was_locked_costs_no_job(studio: Studio) -> None:
    locks = JobLocks(studio.addresses.worker)
    with locks.hold(studio.cast.ana):
        pass
    break_the_locks(studio)

    with locks.hold(studio.cast.ana) as held:
        assert held
    locks.close()


def test_a_stopping_worker_finishes_what_it_has_in_hand_and_begins_nothing_new(studio: Studio) -> None:
    studio.stand_in.faults.always(Fault.HANG_BILLED)
    first = studio.ask()
    worker = studio.worker(concurrency=1)
    worker.start()
    wait_until(lambda: studio.state(first) == "calling")
    second = studio.ask(studio.cast.bala, person=studio.cast.arjun)

    worker.request_stop()
    studio.stand_in.close()
    worker.stop(timeout_s=60)

    assert (studio.state(first), studio.state(second)) == ("done", "queued")


def test_trouble_on_the_way_is_tried_again(studio: Studio) -> None:
    tries: list[object] = []

    def troubled(job_id: object) -> None:
        tries.append(job_id)
        raise RuntimeError("a secret")

    studio.ask()
    worker = studio.worker()
    worker.make_portrait = troubled
    with working(worker):
        wait_until(lambda: bool(tries))

    (waiting,) = studio.rows("select status, attempts from procrastinate.procrastinate_jobs")
    assert (waiting.status, waiting.attempts) == ("todo", 1)


def break_the_locks(studio: Studio) -> None:
    with closing(psycopg2.connect(studio.addresses.superuser)) as superuser, superuser.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where application_name = 'staffroom locks' and datname = current_database()"
        )


def queue_is_empty(studio: Studio) -> bool:
    return studio.count("procrastinate.procrastinate_jobs") == 0
