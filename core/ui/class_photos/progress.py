"""How far a batch is, what it cost so far, and when the rest will be there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

from core.accounts.person import Person
from core.photos.batches.batch import Batch, BatchState
from core.photos.job import JobState
from core.ui.class_photos import costs
from core.ui.class_photos.pauses import pause_sentences
from core.ui.class_photos.words import is_paused_by_itself, progress_line
from core.ui.drawer_portrait import STYLE_NAMES
from core.ui.formats import hour_and_minute, money, time_or_day
from core.ui.text import escape_label

METRIC_PX = 120
SOON = timedelta(minutes=2)
"""What starts within it needs no mention."""
HELD_HELP = "The most that the ones being made now may cost."


@dataclass(frozen=True)
class Progress:
    """What the box shows; all words are safe inside a label."""

    warning: str
    heading: str
    share: float
    line: str
    cost: tuple[str, str, str]
    held: str
    ready: str
    left: int
    status: str


def progress_of(batch: Batch, person: Person, *, ready: str) -> Progress:
    counts, spent = batch.counts, batch.spent
    return Progress(
        warning=pause_sentences(batch) if is_paused_by_itself(batch) else "",
        heading=escape_label(heading(batch, person)),
        share=counts.finished / max(1, counts.total),
        line=progress_line(counts),
        cost=(costs.label("Cost so far", spent), costs.total(spent), costs.explained(spent)),
        held=money(spent.held_usd),
        ready=ready,
        left=counts.making + counts.waiting,
        status=status_line(batch, person),
    )


def draw_progress(progress: Progress) -> None:
    if progress.warning:
        st.warning(progress.warning, icon=":material/pause_circle:")
    with st.container(border=True):
        st.caption(progress.heading)
        st.progress(progress.share, text=progress.line)
        label, value, explained = progress.cost
        grid = st.grid(4, min_column_width=METRIC_PX)
        grid.metric(label, value, help=explained)
        grid.metric("Held", progress.held, help=HELD_HELP)
        grid.metric("Ready at about", progress.ready)
        grid.metric("Left", progress.left)
        st.caption(progress.status)


def heading(batch: Batch, person: Person) -> str:
    """Class, when and by whom, model and style."""
    started = time_or_day(batch.started_at, person.zone, datetime.now(UTC))
    by = batch.requested_by or "the operator"
    style = STYLE_NAMES.get(batch.style, batch.style).lower()
    parts = [batch.class_name, f"started {started} by {by}", f"{batch.model}, {batch.quality}, {style}"]
    return " · ".join(part for part in parts if part)


def status_line(batch: Batch, person: Person) -> str:
    """What goes on now; always one line, so that none comes or goes."""
    counts = batch.counts
    if batch.state is BatchState.CANCELLED:
        return "Cancelled. What is already being made finishes; the rest is not started and costs nothing."
    if batch.state is BatchState.PAUSED:
        rest = "What is already being made finishes." if counts.making else "What was being made is finished."
        said = "" if is_paused_by_itself(batch) else f":material/pause_circle: {pause_sentences(batch)} "
        below = " What needs your decision stands below." if batch.to_retry or batch.to_decide else ""
        return f"{said}{rest}{below}"
    if not counts.waiting:
        return "The last ones are being made."
    waiting = [one.starts_at for one in batch.results if one.state is JobState.QUEUED and one.starts_at is not None]
    later = groups(waiting, after=datetime.now(UTC) + SOON)
    if not later:
        return "The others start as soon as there is room."
    parts = [f"{many} start{'s' if many == 1 else ''} at {hour_and_minute(at, person.zone)}" for at, many in later]
    return f"{', '.join(parts)}; until then the limit is used up."


def groups(starts: Sequence[datetime], *, after: datetime) -> list[tuple[datetime, int]]:
    """Of those that start later than that, how many from when on; a pause between two parts them."""
    found: list[list[datetime]] = []
    for start in sorted(start for start in starts if start > after):
        if found and start - found[-1][-1] < SOON:
            found[-1].append(start)
        else:
            found.append([start])
    return [(group[0], len(group)) for group in found]
