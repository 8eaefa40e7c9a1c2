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
from core.ui.class_photos.progress import Progress, draw_progress, progress_of
from core.ui.formats import time_or_day
from core.ui.poller import redraw_fragment, watch

KEY = "class_photos_progress"
NOT_SOON = "–"


@dataclass(frozen=True)
class Sight:
    """All that is drawn; `above` is what the buttons beside the title depend on."""

    above: tuple[object, ...]
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
        """The whole page only where what stands above the batch changes."""
        before, now = self.before, self.sight
        if before is None or before.above != now.above:
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
    watch(None, board.news, redraw=board.redraw)


@st.fragment(key=KEY)
def _draw_progress(board: Board) -> None:
    guarded(lambda: draw_progress(board.sight.progress))


def sight_of(batch: Batch, person: Person, pace: Pace, now: datetime) -> Sight:
    is_paused = batch.state is BatchState.PAUSED
    ready = NOT_SOON if is_paused else time_or_day(ready_at(batch, pace, now=now), person.zone, now)
    above = (batch.state, batch.is_active, len(batch.to_retry), len(batch.results))
    return Sight(above, progress_of(batch, person, ready=ready), faces_of(batch, person, now))
