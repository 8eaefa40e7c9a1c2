"""How a batch stands, in words; everything here is safe inside a label."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.photos.batches.batch import ASKED, Batch, BatchState, Counts
from core.photos.board import Standing
from core.photos.job import JobState
from core.ui.formats import counted, time_or_day
from core.ui.photo_states import LOOKS, Look

WORTH_TELLING = timedelta(hours=1)
DONE = Look("Done", "check_circle", "green")
CANCELLED = Look("Cancelled", "block", "gray")
RESULT_LOOKS = {
    JobState.DONE: DONE,
    JobState.FAILED: LOOKS[Standing.NOT_MADE],
    JobState.UNCONFIRMED: LOOKS[Standing.UNCONFIRMED],
    JobState.CANCELLED: CANCELLED,
    JobState.QUEUED: LOOKS[Standing.WAITING],
    JobState.RESERVED: LOOKS[Standing.MAKING],
    JobState.CALLING: LOOKS[Standing.MAKING],
    JobState.RECEIVED: LOOKS[Standing.MAKING],
}


def outcomes(counts: Counts) -> str:
    """Such as "6 done, 1 not made"; what there is none of is left out."""
    parts = [
        (counts.done, "done"),
        (counts.not_made, "not made"),
        (counts.unconfirmed, "unconfirmed"),
        (counts.cancelled, "cancelled"),
    ]
    return ", ".join(f"{count} {what}" for count, what in parts if count)


def progress_line(counts: Counts) -> str:
    making = f"{counts.making} being made" if counts.making else ""
    waiting = f"{counts.waiting} waiting" if counts.waiting else ""
    finished = f"**{counts.finished} of {counts.total} finished**"
    return " · ".join(part for part in (finished, outcomes(counts), making, waiting) if part)


def finished_sentence(batch: Batch, zone: ZoneInfo, now: datetime) -> str:
    return _cancelled_sentence(batch, zone, now) if batch.state is BatchState.CANCELLED else _done(batch, zone, now)


def _cancelled_sentence(batch: Batch, zone: ZoneInfo, now: datetime) -> str:
    counts = batch.counts
    at = f"Cancelled {time_or_day(batch.finished_at, zone, now)}. " if batch.finished_at else ""
    never = f" {counts.cancelled} {'was' if counts.cancelled == 1 else 'were'} not started and cost nothing."
    return f"{at}**{_new_photos(counts)}**{never if counts.cancelled else ''}{_not_made(batch)}"


def _done(batch: Batch, zone: ZoneInfo, now: datetime) -> str:
    ended = ""
    if batch.finished_at is not None:
        ended = f" Finished {time_or_day(batch.finished_at, zone, now)}{_after(batch)}."
    return f"**{_new_photos(batch.counts)}**{_not_made(batch)}{ended}"


def _after(batch: Batch) -> str:
    """Only where it says how long the photos took, and not the limit or a pause."""
    if batch.finished_at is None or batch.was_paused or batch.finished_at - batch.started_at > WORTH_TELLING:
        return ""
    return f", after {duration(batch.finished_at - batch.started_at)}"


def _new_photos(counts: Counts) -> str:
    have = "has" if counts.done == 1 and counts.total == 1 else "have"
    return f"{counts.done} of {counted(counts.total, 'student')} {have} a new photo."


def _not_made(batch: Batch) -> str:
    counts, to_decide = batch.counts, len(batch.to_decide)
    decided = counts.unconfirmed - to_decide
    parts = [
        f"{counts.not_made} {'was' if counts.not_made == 1 else 'were'} not made" if counts.not_made else "",
        f"{to_decide} {'needs' if to_decide == 1 else 'need'} your decision" if to_decide else "",
        f"{decided} stayed unconfirmed" if decided else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f" {said}." if said else ""


def is_paused_by_itself(batch: Batch) -> bool:
    return batch.state is BatchState.PAUSED and batch.pause_reason != ASKED


def duration(took: timedelta) -> str:
    """0.4 s, 7 s, 2 min 41 s, 1 h 3 min."""
    if took.total_seconds() < 1:
        return f"{took.total_seconds():.1f} s"
    seconds = round(took.total_seconds())
    minutes, hours = seconds // 60, seconds // 3600
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def about(takes: timedelta) -> str:
    """About 2 minutes, as one says it beforehand."""
    seconds = takes.total_seconds()
    if seconds < 50:
        return "Less than a minute"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"About {counted(minutes, 'minute')}"
    hours, rest = divmod(minutes, 60)
    return f"About {counted(hours, 'hour')}" + (f" {rest} min" if rest else "")
