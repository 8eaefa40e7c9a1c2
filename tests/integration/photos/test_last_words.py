"""What a call came to is written down once and for all, also while others write at the same time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from core.clients.openai_client import build_openai
from core.clients.openai_images import OpenAIImages
from core.db.engine import Database
from core.demo.faults import Fault
from core.errors import DatabaseAway
from tests.e2e.browsing import free_port
from tests.integration.photos.studio import Studio


class Hesitating(Database):
    """Does something before each commit."""

    def __init__(self, database: Database, before_commit: Callable[[], None]) -> None:
        super().__init__(app=database._app, worker=database._worker)
        self._before_commit = before_commit

    @contextmanager
    def as_worker(self) -> Iterator[Session]:
        with super().as_worker() as session:
            yield session
            session.flush()
            self._before_commit()


def test_one_that_is_refused_and_one_that_is_done_don_t_lock_each_other_out(studio: Studio) -> None:
    studio.pace_batches()
    jobs = studio.jobs_of(studio.start_batch(studio.enrol(6)))
    studio.stand_in.faults.upcoming(*[Fault.MODERATION_BLOCKED, Fault.NONE] * 3)

    threads = [threading.Thread(target=studio.maker.make, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    states = sorted(studio.state(job) for job in jobs)
    assert states == ["done"] * 3 + ["failed"] * 3
    assert studio.stand_in.ledger.billed_images == 3


def test_a_database_that_stumbles_is_told_again(studio: Studio) -> None:
    stumbles = iter([False, False, False, True])

    def stumble() -> None:
        if next(stumbles, False):
            raise DatabaseAway

    studio.stand_in.faults.upcoming(Fault.MODERATION_BLOCKED)
    job_id = studio.ask()

    replace(studio.maker, database=Hesitating(studio.database, stumble)).make(job_id)

    assert studio.state(job_id) == "failed"
    assert studio.attempts(job_id)[0].cost_source == "reported"


@pytest.mark.parametrize(("fault", "state"), [(Fault.BAD_REQUEST, "failed"), (Fault.SERVER_ERROR, "unconfirmed")])
def test_the_same_trouble_three_times_in_a_row_pauses_the_batch(studio: Studio, fault: Fault, state: str) -> None:
    studio.pace_batches()
    batch_id = studio.start_batch(studio.enrol(7))
    jobs = studio.jobs_of(batch_id)
    studio.stand_in.faults.upcoming(fault, fault, Fault.NONE, *[fault] * 3)

    for job in jobs[:5]:
        studio.maker.make(job)
    assert studio.batch(batch_id).state == "running"
    studio.maker.make(jobs[5])

    assert studio.batch(batch_id).state == "paused"
    assert studio.maker.make(jobs[6]) is None
    assert [studio.state(job) for job in jobs] == [state, state, "done", state, state, state, "queued"]


def test_a_start_that_reached_nobody_counts_for_no_limit(studio: Studio) -> None:
    job_id = studio.ask()

    with build_openai(api_key="sk-made-up", base_url=f"http://127.0.0.1:{free_port()}") as nobody:
        studio.over(OpenAIImages(nobody)).make(job_id)

    assert studio.state(job_id) == "queued"
    assert studio.count("rate_limits") == 0


def test_the_last_429_pauses_everyone_on_the_key_too(studio: Studio) -> None:
    job_id = studio.ask()
    studio.run("update photo_jobs set free_retries = 5")
    studio.stand_in.faults.upcoming(Fault.RATE_LIMITED)

    studio.maker.make(job_id)

    assert studio.state(job_id) == "failed"
    assert studio.count("provider_pauses") == 1
