"""When portraits will be ready, worked out from the times at which their slots open."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from core.photos.batches.batch import BEING_MADE, Batch, BatchLine
from core.photos.job import JobState

USUAL = timedelta(seconds=15)
"""Of a call, until this person's own calls say better."""


@dataclass(frozen=True)
class Pace:
    """How fast portraits are made: one call's usual time, and how many calls a worker makes at once."""

    each: timedelta
    at_once: int


@dataclass(frozen=True)
class Limit:
    """`at_most` starts of one person in any window of `per_seconds`, and `gap_seconds` from one to the next."""

    at_most: int
    per_seconds: Decimal
    gap_seconds: Decimal


@dataclass(frozen=True)
class Forecast:
    """`last_starts_at` is when the limit lets the last one start, `ready_at` when it is likely to be there."""

    now: datetime
    last_starts_at: datetime
    ready_at: datetime
    pace: Pace

    @property
    def takes(self) -> timedelta:
        return self.ready_at - self.now


def forecast(starts: Sequence[datetime], pace: Pace, *, now: datetime, under_way: Iterable[datetime] = ()) -> Forecast:
    """For portraits whose slots open at `starts`, besides calls that were sent at the times `under_way`."""
    ends = [max(sent_at + pace.each, now) for sent_at in under_way]
    lanes = [*ends, *[now] * max(0, pace.at_once - len(ends))]
    heapq.heapify(lanes)
    for start in sorted(starts):
        end = max(start, heapq.heappop(lanes), now) + pace.each
        heapq.heappush(lanes, end)
        ends.append(end)
    return Forecast(now, max(starts, default=now), max(ends, default=now), pace)


def ready_at(batch: Batch | BatchLine, pace: Pace, *, now: datetime) -> datetime:
    """When a running batch will be over."""
    if isinstance(batch, BatchLine):
        waiting, sent = batch.waiting_until, batch.called_at
    else:
        waiting = tuple(result.starts_at for result in batch.results if result.state is JobState.QUEUED)
        sent = tuple(result.called_at for result in batch.results if result.state in BEING_MADE)
    starts = [starts_at or now for starts_at in waiting]
    return forecast(starts, pace, now=now, under_way=[called_at or now for called_at in sent]).ready_at
