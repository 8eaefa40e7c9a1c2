"""A class's portraits that are under way, in the words that the sidebar and Home share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core.photos.batches.batch import ASKED, BatchLine, BatchState, Counts
from core.photos.batches.forecast import Pace, ready_at
from core.ui.class_photos.pauses import why_paused
from core.ui.formats import time_or_day
from core.ui.text import escape_label


@dataclass(frozen=True)
class Work:
    """One batch as it is shown; equal as long as nothing of that changes. All words are safe inside a label."""

    batch_id: UUID
    class_id: UUID | None
    title: str
    share: float
    finished: str
    left: str
    outlook: str
    is_at_rest: bool


def works(batches: Sequence[BatchLine], pace: Pace, zone: ZoneInfo) -> tuple[Work, ...]:
    return tuple(_work(batch, pace, zone) for batch in batches)


def _work(batch: BatchLine, pace: Pace, zone: ZoneInfo) -> Work:
    counts = batch.counts
    return Work(
        batch_id=batch.id,
        class_id=batch.class_id,
        title=f"Class photos · {escape_label(batch.class_name or 'a class')}",
        share=counts.finished / counts.total if counts.total else 0.0,
        finished=f"{counts.finished} of {counts.total} finished",
        left=_left(counts),
        outlook=_outlook(batch, pace, zone),
        is_at_rest=batch.is_at_rest,
    )


def _left(counts: Counts) -> str:
    """Such as "1 not made, 2 being made, 3 waiting"."""
    parts = [
        (counts.not_made, "not made"),
        (counts.unconfirmed, "unconfirmed"),
        (counts.making, "being made"),
        (counts.waiting, "waiting"),
    ]
    return ", ".join(f"{count} {what}" for count, what in parts if count)


def _outlook(batch: BatchLine, pace: Pace, zone: ZoneInfo) -> str:
    if batch.state is BatchState.CANCELLED:
        return "cancelled, what is being made finishes"
    if batch.state is BatchState.PAUSED:
        if batch.pause_reason == ASKED:
            return "paused by a person"
        why = why_paused(batch)
        return f"paused: {why}" if why else "paused"
    now = datetime.now(UTC)
    return f"ready at about {time_or_day(ready_at(batch, pace, now=now), zone, now)}"
