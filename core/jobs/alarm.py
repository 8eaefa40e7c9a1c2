"""Wakes the workers when a waiting job's time comes; by themselves they look only once a second."""

import threading

import structlog
from sqlalchemy import text

from core.db.engine import Database
from core.errors import DatabaseAway

LOOK_AGAIN_S = 1.0
WRITTEN_DOWN_S = 0.1
"""The queue writes a job's new time down only after its task has ended."""

log = structlog.get_logger(__name__)

_NEXT = text(
    """
    select cast(extract(epoch from min(q.scheduled_at) - clock_timestamp()) as double precision)
    from procrastinate.procrastinate_jobs as q
    where q.status = 'todo' and q.scheduled_at > clock_timestamp()
    """
)
# What the queue's own trigger sends when a job comes that is due at once.
_WAKE = text(
    """
    select pg_notify('procrastinate_queue_v1#' || due.queue_name, '{"type": "job_inserted", "job_id": 0}')
    from (
        select distinct q.queue_name from procrastinate.procrastinate_jobs as q
        where q.status = 'todo' and q.scheduled_at <= clock_timestamp()
    ) as due
    """
)


class Alarm:
    """Matters where jobs wait for a slot of the limit: two seconds apart shall not become three."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._nudged = threading.Event()

    def nudge(self) -> None:
        """Some job is about to get a new time, perhaps before the one that is waited for."""
        self._nudged.set()

    def run(self, stopping: threading.Event) -> None:
        """Until `stopping`, and then the next nudge or second."""
        while not stopping.is_set():
            self._wait(stopping, self._ring())

    def _ring(self) -> float:
        """Wakes those that look for what is due; how long until the next one is."""
        try:
            with self._database.as_worker() as session:
                # Asked for first, so that what becomes due between the two is woken or waited for, not missed.
                next_s = session.scalar(_NEXT)
                session.execute(_WAKE)
        except DatabaseAway:
            return LOOK_AGAIN_S
        except Exception as error:  # noqa: BLE001 - a part of the worker's loop, which outlives everything
            log.warning("alarm failed and is set again", error=type(error).__name__)
            return LOOK_AGAIN_S
        return LOOK_AGAIN_S if next_s is None else min(next_s, LOOK_AGAIN_S)

    def _wait(self, stopping: threading.Event, seconds: float) -> None:
        if self._nudged.wait(seconds):
            self._nudged.clear()
            stopping.wait(WRITTEN_DOWN_S)
