"""How the server ends after SIGTERM: what is being written may finish first, while the pages still stand."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

import structlog
from anyio import to_thread

from core.jobs.ending import LONGEST_END_S, end_by_force

# Answers get 20 s and 10 s more to be saved; then come connections that are slow to close.
LONGEST_END_WITHOUT_WORKER_S = 40.0

log = structlog.get_logger(__name__)

Handler = Callable[[int, FrameType | None], object]


class Finishing(Protocol):
    """What the end needs of the app."""

    def begin_to_end(self) -> None: ...

    def finish_answers(self) -> None: ...


class Ending:
    """From SIGTERM on nothing new is begun; to be told again changes nothing."""

    def __init__(
        self, *, has_worker: bool, give_up: Callable[..., object] = end_by_force, within_s: float | None = None
    ) -> None:
        self.has_begun = False
        self._give_up = give_up
        self._within_s = within_s or (LONGEST_END_S if has_worker else LONGEST_END_WITHOUT_WORKER_S)
        self._finishing: asyncio.Task[None] | None = None

    @contextmanager
    def heard(self, app: Finishing) -> Iterator[None]:
        """Within it SIGTERM comes here first, and to the server's own handler once answers are finished."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop, end_now = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)

        def note(number: int, frame: FrameType | None) -> None:
            # A handler runs between any two steps of the main thread, so it leaves the work to the loop.
            loop.call_soon_threadsafe(self._begin, app, lambda: _pass_on(end_now, number, frame))

        signal.signal(signal.SIGTERM, note)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, end_now)

    def _begin(self, app: Finishing, end_now: Callable[[], None]) -> None:
        if self.has_begun:
            return
        self.has_begun = True
        log.info("ending")
        threading.Thread(target=self._wait_and_give_up, name="ending", daemon=True).start()
        self._finishing = asyncio.get_running_loop().create_task(self._finish(app, end_now))

    async def _finish(self, app: Finishing, end_now: Callable[[], None]) -> None:
        try:
            await to_thread.run_sync(app.begin_to_end)
            await to_thread.run_sync(app.finish_answers)
        finally:
            end_now()

    def _wait_and_give_up(self) -> None:
        """Should the process still be there after the longest time that anything may take."""
        time.sleep(self._within_s)
        self._give_up("the server did not end in time", waited_s=self._within_s)


def _pass_on(handler: Handler | int | None, number: int, frame: FrameType | None) -> None:
    if callable(handler):
        handler(number, frame)
