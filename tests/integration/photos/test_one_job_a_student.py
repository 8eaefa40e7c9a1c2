"""Clicks while a class is being made: each student has one active job, and is paid for once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from core.demo.faults import Fault
from core.demo.pauses import Timing
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio, wait_until, working

STUDENTS = 8
REFUSED = 2


@pytest.fixture
def stand_in() -> NotingStandIn:
    return NotingStandIn(Timing(image_s=0.4))


def test_retries_double_clicks_and_two_tabs_during_a_class_make_no_second_job(
    studio: Studio, stand_in: NotingStandIn
) -> None:
    studio.pace_batches()
    studio.limit_images(at_most=100)
    stand_in.faults.upcoming(*[Fault.MODERATION_BLOCKED] * REFUSED)
    students = studio.enrol(STUDENTS)
    with working(studio.worker(concurrency=2)):
        first, second = in_two_tabs(lambda: studio.start_batch(students))
        jobs = studio.jobs_of(first)
        wait_until(lambda: [studio.state(job_id) for job_id in jobs].count("failed") == REFUSED)
        retried = in_two_tabs(lambda: studio.class_photos.retry_failed(studio.cast.mei, first))
        started = in_two_tabs(lambda: studio.start_batch(students))
        singles = in_two_tabs(lambda: studio.ask(students[-1]))
        wait_until(lambda: studio.batch(first).state == "finished")

    assert {first, second, *started} == {first}
    assert sorted(retried) == [0, REFUSED]
    assert set(singles) == {jobs[-1]}
    assert studio.count("photo_jobs") == stand_in.ledger.requests == STUDENTS + REFUSED
    assert stand_in.ledger.billed_images == studio.count("photos") == STUDENTS


T = TypeVar("T")


def in_two_tabs(click: Callable[[], T]) -> list[T]:
    """At the same moment."""
    both = Barrier(2)

    def tab() -> T:
        both.wait(60)
        return click()

    with ThreadPoolExecutor(2) as tabs:
        return [clicked.result(60) for clicked in [tabs.submit(tab), tabs.submit(tab)]]
