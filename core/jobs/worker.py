"""The worker: runs the queue's jobs, keeps running, and looks after what dead workers left."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from procrastinate import App, PsycopgConnector

from core.db.addresses import libpq_url
from core.db.connections import QUEUE_POOL
from core.db.engine import Database
from core.errors import DatabaseAway
from core.jobs.alarm import Alarm
from core.jobs.locks import JobLocks
from core.jobs.places import Lane
from core.jobs.queue import CLASSES, MAKE_PORTRAIT, SINGLE, MakePortrait, build_queue
from core.jobs.rescue import Rescuer

POLL_S = 1.0
CARE_S = 1.0
LONGEST_BACK_OFF_S = 30.0

log = structlog.get_logger(__name__)


class Companion(Protocol):
    """What goes on in a thread of its own while the worker runs."""

    def start(self) -> None: ...

    def request_stop(self) -> None:
        """Returns at once."""

    def stop(self) -> None:
        """Returns when it has ended."""


@dataclass(kw_only=True)
class Worker:
    """One process's worker. `run` blocks; `start` does the same in a thread; `stop` lets running jobs finish.

    `concurrency` calls are made at once for classes, and as many for single portraits beside them.
    """

    address: str
    database: Database
    make_portrait: MakePortrait
    care: Callable[[], None]
    concurrency: int
    companions: Sequence[Companion] = ()
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lanes: Sequence[Lane] = ()
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self, *, timeout_s: float | None = None) -> None:
        """No new jobs; returns when those in flight are over, or after `timeout_s`."""
        self.request_stop()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def request_stop(self) -> None:
        """Returns at once, as a signal's handler must; `run` returns when the jobs in flight are over."""
        self._stopping.set()
        _stop(self._lanes)
        for companion in self.companions:
            companion.request_stop()

    def run(self) -> None:
        """Works until `stop`; a lost database or a fault of the queue is waited out, ever longer."""
        caretaker = threading.Thread(target=self._take_care, name="caretaker", daemon=True)
        caretaker.start()
        alarm = Alarm(self.database)
        ringing = threading.Thread(target=alarm.run, args=(self._stopping,), name="alarm", daemon=True)
        ringing.start()
        for companion in self.companions:
            companion.start()
        back_off_s = POLL_S
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                asyncio.run(self._work(alarm))
            except Exception as error:  # noqa: BLE001 - the worker's loop outlives everything
                log.warning("worker stopped and starts again", error=type(error).__name__, wait_s=back_off_s)
            if time.monotonic() - started > LONGEST_BACK_OFF_S:
                back_off_s = POLL_S
            if self._stopping.wait(back_off_s):
                break
            back_off_s = min(back_off_s * 2, LONGEST_BACK_OFF_S)
        for companion in self.companions:
            companion.stop()
        alarm.nudge()
        caretaker.join()
        ringing.join()

    async def _work(self, alarm: Alarm) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(4 * self.concurrency + 2, "portrait"))
        # Each lane listens on a connection and fetches; prepared statements would break behind a transaction pooler.
        connector = PsycopgConnector(
            conninfo=libpq_url(self.address), min_size=1, max_size=QUEUE_POOL, kwargs={"prepare_threshold": None}
        )
        locks = JobLocks(self.address)
        queue = build_queue(
            connector,
            make_portrait=self.make_portrait,
            locks=locks,
            on_wait=alarm.nudge,
            give_back=self._give_back,
        )
        try:
            async with queue.open_async():
                self._lanes = [self._lane(queue, SINGLE), self._lane(queue, CLASSES)]
                if not self._stopping.is_set():
                    await _run_together(self._lanes)
        finally:
            self._lanes = ()
            locks.close()

    def _lane(self, queue: App, name: str) -> Lane:
        return Lane(
            app=queue,
            name=name,
            queues=[name],
            concurrency=self.concurrency,
            fetch_job_polling_interval=POLL_S,
            install_signal_handlers=False,
            delete_jobs="successful",
        )

    def _give_back(self, lane_name: str | None) -> None:
        for lane in self._lanes:
            if lane.worker_name == lane_name:
                lane.give_back()

    def _take_care(self) -> None:
        rescuer = Rescuer(MAKE_PORTRAIT)
        while not self._stopping.wait(CARE_S):
            try:
                with self.database.as_worker() as session:
                    rescued = rescuer.rescue(session)
                if rescued:
                    log.info("rescued portraits of a worker that is gone", jobs=[str(job_id) for job_id in rescued])
                self.care()
            except DatabaseAway:
                log.warning("database away, looking again")
            except Exception as error:  # noqa: BLE001 - the worker's loop outlives everything
                log.warning("care failed and is tried again", error=type(error).__name__)


async def _run_together(lanes: Sequence[Lane]) -> None:
    """Until all end; when one ends, by a fault or because it was asked to, so do the others."""
    runs = [asyncio.ensure_future(lane.run()) for lane in lanes]  # type: ignore[no-untyped-call]  # left unannotated
    await asyncio.wait(runs, return_when=asyncio.FIRST_COMPLETED)
    _stop(lanes)
    await asyncio.gather(*runs)


def _stop(lanes: Sequence[Lane]) -> None:
    for lane in lanes:
        lane.stop()  # type: ignore[no-untyped-call]  # procrastinate left it unannotated
