"""Two workers make a class's portraits, and one of them is killed in the midst of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from tests.integration.photos.books import billed_twice, wrong_books
from tests.integration.photos.crash_runs import are_over, nothing_is_left
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.programs import worker_processes
from tests.integration.photos.studio import Studio, wait_until

BETWEEN_SLOT_AND_REQUEST_S = 1.2
"""How long a busy machine may take from one to the other; so much shorter is the provider's window."""

_IN_HAND = (
    "select id from photo_jobs where worker_id like '%-' || :pid || '-%'"
    " and state in ('reserved', 'calling', 'received')"
)


@dataclass(frozen=True)
class Limit:
    at_most: int
    per_seconds: float


@dataclass(frozen=True)
class Race:
    """How it went; `most_slots` and `most_requests` are the most in any window, by the ledger and by the provider."""

    most_slots: int
    most_requests: int
    left_behind: int
    rescued_after_s: float
    took_s: float
    complaints: Sequence[str]


def race(studio: Studio, stand_in: NotingStandIn, provider: str, *, students: int, limit: Limit) -> Race:
    """Kills one worker when half of the students are done."""
    studio.pace_batches(at_most=limit.at_most, per_seconds=limit.per_seconds)
    with worker_processes(studio, provider, how_many=2) as (killed, _):
        begun = monotonic()
        jobs = studio.jobs_of(studio.start_batch(studio.enrol_unlike(students)))
        wait_until(lambda: _done(studio) >= students // 2 and bool(_in_hand(studio, killed.pid)))
        killed.kill()
        killed.wait(60)
        killed_at = monotonic()
        left = _in_hand(studio, killed.pid)
        wait_until(lambda: not _in_hand(studio, killed.pid))
        rescued_after_s = monotonic() - killed_at
        wait_until(lambda: are_over(studio, jobs))
        took_s = monotonic() - begun
        wait_until(lambda: nothing_is_left(studio))
    return Race(
        most_slots=most_in_any_window([slot.timestamp() for slot in studio.slots()], limit.per_seconds),
        most_requests=most_in_any_window(stand_in.came_at, limit.per_seconds - BETWEEN_SLOT_AND_REQUEST_S),
        left_behind=len(left),
        rescued_after_s=rescued_after_s,
        took_s=took_s,
        complaints=[*billed_twice(studio, stand_in, jobs), *wrong_books(studio, stand_in, jobs)],
    )


def most_in_any_window(moments: Sequence[float], window_s: float) -> int:
    return max((sum(start <= moment < start + window_s for moment in moments) for start in moments), default=0)


def _done(studio: Studio) -> int:
    return int(studio.one("select count(*) as n from photo_jobs where state = 'done'").n)


def _in_hand(studio: Studio, pid: int) -> list[UUID]:
    return [row.id for row in studio.rows(_IN_HAND, pid=str(pid))]
