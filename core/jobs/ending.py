"""How a worker's process ends: after the calls in flight, and in any case within a time."""

import os
import signal
import sys
import threading
import time
from queue import SimpleQueue
from types import FrameType

import structlog

from core.jobs.worker import Worker

LONGEST_END_S = 115.0
"""A call is given up after 100 s and what follows it takes a few; who stops a worker is asked to wait 120 s."""
ASK_AGAIN_S = 1.0

log = structlog.get_logger(__name__)


def run_until_signalled(worker: Worker, *, within_s: float = LONGEST_END_S) -> None:
    """Works until SIGTERM or SIGINT, then finishes what is in flight.

    What has not ended `within_s` after that hangs, say in a store that doesn't answer: then the process ends all the
    same, as a crash would end it, and the next worker finds every job where it was left.
    """
    signals: SimpleQueue[int] = SimpleQueue()

    def note(number: int, _frame: FrameType | None) -> None:
        # All that a handler may safely do: it runs between any two steps of the main thread, whatever it has locked.
        signals.put(number)

    threading.Thread(target=_end, args=(worker, signals, within_s), name="ending", daemon=True).start()
    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    worker.run()


def _end(worker: Worker, signals: "SimpleQueue[int]", within_s: float) -> None:
    signals.get()
    give_up_at = time.monotonic() + within_s
    while (left_s := give_up_at - time.monotonic()) > 0:
        # More than once, since a queue that is just starting forgets what it was asked before.
        worker.request_stop()
        time.sleep(min(ASK_AGAIN_S, left_s))
    end_by_force("worker did not end in time and leaves its jobs to the next one", waited_s=within_s)


def end_by_force(why: str, *, waited_s: float) -> None:
    """As a crash would end the process, whatever hangs in it; what was paid is on the disk before it counts as paid."""
    log.error(why, waited_s=waited_s)
    sys.stderr.flush()
    os._exit(1)
