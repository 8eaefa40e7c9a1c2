"""A lane's places: a portrait needs one for its call, and none for what follows it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from procrastinate.worker import Worker as QueueWorker


def _nothing() -> None:
    """Outside of a lane there is no place to give back."""


_give_back: ContextVar[Callable[[], None]] = ContextVar("give_back", default=_nothing)


def call_is_over() -> None:
    """Lets the lane start another call while this thread decodes and stores what came."""
    _give_back.get()()


@contextmanager
def holding_a_place(give_back: Callable[[], None]) -> Iterator[None]:
    """Within it, in this thread, `call_is_over` gives back this place."""
    token = _give_back.set(give_back)
    try:
        yield
    finally:
        _give_back.reset(token)


class Places(asyncio.Semaphore):
    """So many calls at once, and at most as many jobs besides whose call is over."""

    def __init__(self, many: int) -> None:
        super().__init__(many)
        self._many = many
        self._early = 0

    def give_back(self) -> None:
        """Before the job's end, which then gives nothing back."""
        if self._early < self._many:
            self._early += 1
            super().release()

    def release(self) -> None:
        if self._early:
            self._early -= 1
        else:
            super().release()


class Lane(QueueWorker):
    """One queue's worker with such places."""

    # Made anew with each run.
    @property
    def _job_semaphore(self) -> Places:
        return self._places

    @_job_semaphore.setter
    def _job_semaphore(self, _: asyncio.Semaphore) -> None:
        self._places = Places(self.concurrency)

    def give_back(self) -> None:
        """From any thread."""
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._places.give_back)
