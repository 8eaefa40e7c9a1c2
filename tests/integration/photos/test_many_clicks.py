"""Clicks faster than the limit: accepted, told when, made in order, and refused past ten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.errors import NotAllowed, PortraitNotAllowed, TooManyWaiting, UnknownStudent
from core.photos.board import Standing
from tests.integration.photos.studio import Studio


def test_twenty_fast_clicks_in_two_tabs_make_one_job(studio: Studio) -> None:
    both = threading.Barrier(2)

    def tab() -> list[UUID]:
        both.wait(60)
        return [studio.ask() for _ in range(10)]

    with ThreadPoolExecutor(2) as tabs:
        first, second = (started.result(10) for started in [tabs.submit(tab), tabs.submit(tab)])

    assert len(set(first + second)) == 1
    assert studio.count("photo_jobs") == studio.count("procrastinate.procrastinate_jobs") == 1


def test_the_sixth_to_tenth_are_told_when_they_start_and_the_eleventh_is_refused(studio: Studio) -> None:
    studio.take_slots(5)
    students = studio.enrol(6)

    waiting = [studio.ask(student) for student in students[:5]]

    for job_id in waiting:
        job = studio.job(job_id)
        wait = job.not_before - datetime.now(UTC)
        assert (job.state, job.wait_reason) == ("queued", "slot")
        assert timedelta(seconds=50) < wait < timedelta(seconds=61)
    with pytest.raises(TooManyWaiting):
        studio.ask(students[5])


def test_ten_clicks_at_once_are_all_accepted_before_any_is_made(studio: Studio) -> None:
    jobs = [studio.job(studio.ask(student)) for student in studio.enrol(10)]

    assert [job.not_before is None for job in jobs] == [True] * 5 + [False] * 5
    with pytest.raises(TooManyWaiting):
        studio.ask()


def test_the_card_shows_when_it_starts_and_can_be_cancelled(studio: Studio) -> None:
    studio.take_slots(5)
    job_id = studio.ask()

    card = next(
        card
        for card in studio.photos.cards(studio.cast.mei, studio.cast.integrity)
        if card.student_id == studio.cast.ana
    )
    assert card.standing is Standing.WAITING
    assert card.starts_at == studio.job(job_id).not_before
    assert studio.photos.cancel(studio.cast.mei, job_id)


def test_a_worker_that_comes_too_early_is_sent_away_until_a_slot_opens(studio: Studio) -> None:
    studio.take_slots(5)
    job_id = studio.ask()

    come_back_at = studio.maker.make(job_id)

    assert come_back_at == studio.job(job_id).not_before
    assert (studio.state(job_id), studio.stand_in.ledger.requests) == ("queued", 0)
    studio.run("update rate_limits set created_at = created_at - interval '1 minute'")
    assert studio.maker.make(job_id) is None
    assert studio.state(job_id) == "done"


def test_another_teacher_has_slots_of_their_own(studio: Studio) -> None:
    studio.take_slots(5)

    job_id = studio.ask(studio.cast.bala, person=studio.cast.arjun)
    studio.maker.make(job_id)

    assert studio.state(job_id) == "done"


def test_nobody_asks_for_a_student_of_another_class_or_one_without_consent(studio: Studio) -> None:
    studio.run("update students set portraits_allowed = false where id = :id", id=studio.cast.ana)

    with pytest.raises((UnknownStudent, NotAllowed)):
        studio.ask(studio.cast.bala)
    with pytest.raises(PortraitNotAllowed):
        studio.ask()
    assert studio.count("photo_jobs") == 0
