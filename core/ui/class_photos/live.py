"""A batch at work: each part is a fragment of its own, and a look that finds news redraws what it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.batches.batch import Batch, BatchState
from core.photos.batches.forecast import Pace, ready_at
from core.ui.boundary import guarded
from core.ui.class_photos.cards import Face, draw_cards, faces_of, keys_of
from core.ui.class_photos.decisions import draw_decisions
from core.ui.class_photos.progress import Progress, draw_progress, progress_of
from core.ui.class_photos.results import draw_results
from core.ui.class_photos.results_csv import draw_download
from core.ui.formats import time_or_day
from core.ui.poller import redraw_fragment, watch

KEY = "class_photos_progress"
NOT_SOON = "–"


@dataclass(frozen=True)
class Sight:
    """All that is drawn; `around` is what depends on it outside of the fragments."""

    around: tuple[object, ...]
    progress: Progress
    faces: tuple[Face, ...]


@dataclass
class Board:
    """What is on show, for the fragments to draw; a look that finds news puts it here."""

    sight: Sight
    look: Callable[[], Sight]
    before: Sight | None = None

    def news(self) -> Sight | None:
        found = self.look()
        if found == self.sight:
            return None
        self.before, self.sight = self.sight, found
        return found

    def redraw(self) -> None:
        """The whole page only where what stands around changes."""
        before, now = self.before, self.sight
        if before is None or before.around != now.around:
            st.rerun()
        progress = [KEY] if before.progress != now.progress else []
        redraw_fragment(*progress, *keys_of(set(now.faces) - set(before.faces)))


def draw_live(person: Person, app: App, batch: Batch) -> None:
    pace = app.class_photos.pace(person)

    def look() -> Sight:
        return sight_of(app.class_photos.batch(person, batch.id), person, pace, datetime.now(UTC))

    board = Board(sight_of(batch, person, pace, datetime.now(UTC)), look)
    _draw_progress(board)
    draw_cards(app.photos, lambda: board.sight.faces)
    if batch.state is BatchState.PAUSED:
        draw_decisions(person, app, batch)
        draw_results(batch, app.photos, beside=lambda: draw_download(person, batch))
    watch(None, board.news, redraw=board.redraw, is_at_rest=batch.is_at_rest)


@st.fragment(key=KEY)
def _draw_progress(board: Board) -> None:
    guarded(lambda: draw_progress(board.sight.progress))


def sight_of(batch: Batch, person: Person, pace: Pace, now: datetime) -> Sight:
    is_paused = batch.state is BatchState.PAUSED
    ready = NOT_SOON if is_paused else time_or_day(ready_at(batch, pace, now=now), person.zone, now)
    return Sight(_around(batch), progress_of(batch, person, ready=ready), faces_of(batch, person, now))


def _around(batch: Batch) -> tuple[object, ...]:
    """What the buttons beside the title, and while it is paused the decisions and the list, depend on."""
    shown = batch.results if batch.state is BatchState.PAUSED else len(batch.to_retry)
    return batch.state, batch.is_active, shown, len(batch.results)
