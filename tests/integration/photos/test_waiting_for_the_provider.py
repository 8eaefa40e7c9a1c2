"""Calls that were surely not billed: the job waits and goes on by itself."""

import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from core.clients.openai_client import build_openai
from core.clients.openai_images import OpenAIImages
from core.demo.faults import Fault
from tests.integration.photos.studio import KEY_HASH, Studio

SOON = timedelta(seconds=3)


@pytest.fixture
def nobody_listens() -> Iterator[OpenAIImages]:
    """A port of this machine that refuses every connection."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        with build_openai(api_key="sk-made-up", base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1") as client:
            yield OpenAIImages(client)


@pytest.mark.parametrize(
    ("fault", "wait"),
    [(Fault.RATE_LIMITED, timedelta(seconds=20)), (Fault.RATE_LIMITED_RETRY_AFTER, timedelta(seconds=7))],
)
def test_a_busy_provider_is_left_alone_for_as_long_as_it_says(studio: Studio, fault: Fault, wait: timedelta) -> None:
    studio.stand_in.faults.upcoming(fault)
    job_id = studio.ask()

    come_back_at = studio.maker.make(job_id)

    job, (row,) = studio.job(job_id), studio.attempts(job_id)
    assert (job.state, job.wait_reason, job.not_before) == ("queued", "provider", come_back_at)
    assert come_back_at is not None
    assert abs(come_back_at - datetime.now(UTC) - wait) < SOON
    assert (row.state, row.estimated_cost) == ("released", None)
    assert studio.one("select * from provider_pauses").key_hash == KEY_HASH


def test_everyone_with_the_same_key_waits_too_and_all_are_made_afterwards(studio: Studio) -> None:
    studio.stand_in.faults.upcoming(Fault.RATE_LIMITED)
    first, second = studio.ask(), studio.ask(studio.cast.bala, person=studio.cast.arjun)
    studio.maker.make(first)

    assert studio.maker.make(second) is not None
    assert (studio.state(second), studio.job(second).wait_reason) == ("queued", "provider")
    assert studio.stand_in.ledger.requests == 1

    end_of_the_pause(studio)
    assert studio.maker.make(first) is None
    assert studio.maker.make(second) is None
    assert {studio.state(first), studio.state(second)} == {"done"}
    assert [row.state for row in studio.attempts(first)] == ["released", "settled"]
    assert studio.stand_in.ledger.billed_images == 2


def test_an_unreachable_provider_is_tried_later_and_later(studio: Studio, nobody_listens: OpenAIImages) -> None:
    maker = studio.over(nobody_listens)
    job_id = studio.ask()

    waits = [come_back - datetime.now(UTC) for come_back in (maker.make(job_id), maker.make(job_id)) if come_back]

    job = studio.job(job_id)
    assert (job.state, job.error_code, job.free_retries) == ("queued", "provider_unreachable", 2)
    assert timedelta(seconds=2) < waits[0] < timedelta(seconds=6) < waits[1]
    assert {row.state for row in studio.attempts(job_id)} == {"released"}


def test_after_five_free_retries_it_has_failed_at_no_cost(studio: Studio, nobody_listens: OpenAIImages) -> None:
    studio.limit_images(at_most=100)
    maker = studio.over(nobody_listens)
    job_id = studio.ask()

    come_back = [maker.make(job_id) is not None for _ in range(6)]

    job, rows = studio.job(job_id), studio.attempts(job_id)
    assert come_back == [True] * 5 + [False]
    assert (job.state, job.cost_usd, job.cost_source) == ("failed", 0, "reported")
    assert [row.state for row in rows] == ["released"] * 5 + ["settled"]
    assert (rows[-1].estimated_cost, rows[-1].error) == (0, "provider_unreachable")


def test_a_waiting_job_is_made_when_the_provider_is_back(studio: Studio, nobody_listens: OpenAIImages) -> None:
    job_id = studio.ask()
    studio.over(nobody_listens).make(job_id)

    studio.maker.make(job_id)

    job = studio.job(job_id)
    assert (job.state, job.attempt, job.not_before, job.error_code) == ("done", 2, None, None)


def end_of_the_pause(studio: Studio) -> None:
    studio.run("update provider_pauses set paused_until = now()")
