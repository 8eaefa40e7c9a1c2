"""A batch at work: one fragment, which is drawn anew as soon as a look finds news."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.batches.batch import Batch, BatchState
from core.photos.batches.forecast import Pace, ready_at
from core.photos.job import JobState
from core.ui.boundary import guarded
from core.ui.class_photos.cards import draw_cards
from core.ui.class_photos.progress import draw_progress, draw_warning
from core.ui.formats import time_or_day
from core.ui.poller import redraw_fragment, watch

KEY = "class_photos_live"
NOT_SOON = "–"


@dataclass(frozen=True)
class Sight:
    """All that is drawn; `due` are waiting ones whose time has come, which the clock alone changes."""

    batch: Batch
    ready: str
    due: frozenset[UUID]


def draw_live(person: Person, app: App, batch: Batch) -> None:
    _live(person, app, batch, app.class_photos.pace(person))


@st.fragment(key=KEY)
def _live(person: Person, app: App, drawn: Batch, pace: Pace) -> None:
    guarded(lambda: _draw(person, app, drawn, pace))


def _draw(person: Person, app: App, drawn: Batch, pace: Pace) -> None:
    def look() -> Sight:
        return sight_of(app.class_photos.batch(person, drawn.id), person, pace, datetime.now(UTC))

    sight = look()
    if _above(sight.batch) != _above(drawn):
        st.rerun()
    draw_warning(sight.batch)
    draw_progress(person, sight.batch, ready=sight.ready)
    draw_cards(person, app.photos, sight.batch, due=sight.due)
    watch(sight, look, redraw=lambda: redraw_fragment(KEY))


def sight_of(batch: Batch, person: Person, pace: Pace, now: datetime) -> Sight:
    if batch.state is BatchState.PAUSED:
        return Sight(batch, NOT_SOON, frozenset())
    waiting = [result for result in batch.results if result.state is JobState.QUEUED]
    due = frozenset(one.student_id for one in waiting if one.starts_at is None or one.starts_at <= now)
    return Sight(batch, time_or_day(ready_at(batch, pace, now=now), person.zone, now), due)


def _above(batch: Batch) -> tuple[object, ...]:
    """What the buttons beside the title depend on; only a run of the whole page draws them."""
    return batch.state, batch.is_active, len(batch.to_retry)
