"""The sidebar's line of work in progress, and the word that it is over."""

from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.errors import UnknownBatch
from core.photos.batches.batch import Batch, BatchState
from core.photos.batches.service import ClassPhotos
from core.ui.links import class_photos_link
from core.ui.poller import redraw_fragment, watch
from core.ui.text import escape_label
from core.ui.work_words import Work, works

KEY = "work_line"
MOST = 2
_UNDER_WAY = "work_under_way"


def draw_work_line(person: Person, class_photos: ClassPhotos, *, tells_the_end: bool) -> None:
    """Nothing where nothing is under way; else it looks for news by itself and redraws nothing but itself.

    `tells_the_end` is for pages that don't show by themselves how a class's photos ended.
    """
    _draw(person, class_photos, tells_the_end)


@st.fragment(key=KEY)
def _draw(person: Person, class_photos: ClassPhotos, tells_the_end: bool) -> None:
    active = class_photos.active(person)
    over = _newly_over({batch.id for batch in active})
    if tells_the_end:
        for batch_id in over:
            _tell_the_end(person, class_photos, batch_id)
    if not active:
        return
    pace = class_photos.pace(person)
    seen = works(active, pace, person.zone)
    for work in seen[:MOST]:
        _draw_box(work)
    if len(seen) > MOST:
        st.caption(f"and {len(seen) - MOST} more")
    watch(
        seen,
        lambda: works(class_photos.active(person), pace, person.zone),
        redraw=lambda: redraw_fragment(KEY),
        is_at_rest=all(work.is_at_rest for work in seen),
    )


def _draw_box(work: Work) -> None:
    with st.container(border=True, gap="xsmall"):
        st.progress(work.share, text=work.title)
        st.caption(f"{work.finished} · {work.outlook}")
        class_photos_link("Watch", icon="arrow_forward", class_id=work.class_id, batch_id=work.batch_id)


def _newly_over(active: set[UUID]) -> set[UUID]:
    """Which of those that this visit saw under way are so no more."""
    before: set[UUID] = st.session_state.get(_UNDER_WAY, set())
    st.session_state[_UNDER_WAY] = active
    return before - active


def _tell_the_end(person: Person, class_photos: ClassPhotos, batch_id: UUID) -> None:
    try:
        batch = class_photos.batch(person, batch_id)
    except UnknownBatch:
        # The class went to somebody else meanwhile.
        return
    st.toast(end_sentence(batch), icon=":material/photo_library:", duration="long")


def end_sentence(batch: Batch) -> str:
    name = escape_label(batch.class_name or "a class")
    counts = batch.counts
    if batch.state is BatchState.CANCELLED:
        return f"The photos of {name} were cancelled: {counts.done} of {counts.total} done"
    ready = "ready" if counts.done else "over"
    return f"The photos of {name} are {ready}: {counts.done} of {counts.total} done"
