"""Wakes the workers when a waiting job's time comes; by themselves they look only once a second."""

import threading

import structlog
from sqlalchemy import Row, text

from core.db.engine import Database
from core.errors import DatabaseAway

LOOK_AHEAD_S = 1.0

log = structlog.get_logger(__name__)

_NEXT = text(
    """
    select q.queue_name,
        cast(extract(epoch from min(q.scheduled_at) - clock_timestamp()) as double precision) as in_s
    from procrastinate.procrastinate_jobs as q
    where q.status = 'todo' and q.scheduled_at > clock_timestamp()
    group by q.queue_name
    order by in_s
    limit 1
    """
)
# What the queue's own trigger sends when a job comes that is due at once.
_WAKE = text('select pg_notify(\'procrastinate_queue_v1#\' || :queue, \'{"type": "job_inserted", "job_id": 0}\')')


class Alarm:
    """Matters where jobs wait for a slot of the limit: two seconds apart shall not become three."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, stopping: threading.Event) -> None:
        """Until `stopping`."""
        while not stopping.is_set():
            try:
                self._wait_and_wake(stopping)
            except DatabaseAway:
                stopping.wait(LOOK_AHEAD_S)
            except Exception as error:  # noqa: BLE001 - a part of the worker's loop, which outlives everything
                log.warning("alarm failed and is set again", error=type(error).__name__)
                stopping.wait(LOOK_AHEAD_S)

    def _wait_and_wake(self, stopping: threading.Event) -> None:
        due = self._next()
        if due is None or due.in_s > LOOK_AHEAD_S:
            stopping.wait(LOOK_AHEAD_S)
        elif not stopping.wait(due.in_s):
            with self._database.as_worker() as session:
                session.execute(_WAKE, {"queue": due.queue_name})

    def _next(self) -> Row[tuple[str, float]] | None:
        with self._database.as_worker() as session:
            return session.execute(_NEXT).one_or_none()
