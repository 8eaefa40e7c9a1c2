"""SIGTERM, really sent, to the part of the server's life that hears it."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

import anyio
import pytest

from core.jobs.ending import LONGEST_END_S
from core.server.ending import LONGEST_END_WITHOUT_WORKER_S, Ending


class Steps(list[str]):
    """An app whose answers are finished once they are let go, and the server that it ends in."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = threading.Event()

    def begin_to_end(self) -> None:
        self.append("nothing new")

    def finish_answers(self) -> None:
        self.answers.wait(60)
        self.append("answers finished")

    def end_now(self, number: int, _frame: FrameType | None) -> None:
        self.append(f"server told {signal.Signals(number).name}")

    def give_up(self, why: str, *, waited_s: float) -> None:
        self.append(f"{why} in {waited_s} s")


@pytest.fixture
def steps() -> Iterator[Steps]:
    steps, before = Steps(), signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, steps.end_now)
    yield steps
    signal.signal(signal.SIGTERM, before)


def tell(steps: Steps, ending: Ending, *, times: int = 1) -> None:
    """SIGTERM within a server's life, until the server itself was told."""

    async def live() -> None:
        with ending.heard(steps):
            for _ in range(times):
                os.kill(os.getpid(), signal.SIGTERM)
                await anyio.sleep(0.01)
            steps.answers.set()
            await told(steps)

    anyio.run(live)


async def told(steps: Steps) -> None:
    give_up_at = time.monotonic() + 60
    while "server told SIGTERM" not in steps:
        assert time.monotonic() < give_up_at
        await anyio.sleep(0.005)


def test_answers_are_finished_before_the_server_is_told_and_once_however_often_it_is_signalled(steps: Steps) -> None:
    ending = Ending(has_worker=True, give_up=steps.give_up)

    tell(steps, ending, times=2)

    assert list(steps) == ["nothing new", "answers finished", "server told SIGTERM"]
    assert ending.has_begun


def test_what_does_not_end_in_time_is_ended(steps: Steps) -> None:
    tell(steps, Ending(has_worker=True, give_up=steps.give_up, within_s=0.05))

    give_up_at = time.monotonic() + 60
    while "the server did not end in time in 0.05 s" not in steps:
        assert time.monotonic() < give_up_at
        time.sleep(0.005)


def test_a_server_without_a_worker_ends_sooner() -> None:
    assert Ending(has_worker=False)._within_s == LONGEST_END_WITHOUT_WORKER_S < LONGEST_END_S
    assert Ending(has_worker=True)._within_s == LONGEST_END_S
