"""The class's batches so far, each a way to its results."""

from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.photos.batches.batch import BatchLine, BatchState
from core.photos.batches.service import ClassPhotos
from core.ui.class_photos import costs
from core.ui.class_photos.address import go_to_batch
from core.ui.class_photos.words import outcomes
from core.ui.formats import counted, day_and_time
from core.ui.photo_states import Look

A_PAGE = 8
WHEN_PX, STATE_PX = 120, 90
LOOKS = {
    BatchState.RUNNING: Look("Running", "hourglass_top", "blue"),
    BatchState.PAUSED: Look("Paused", "pause_circle", "orange"),
    BatchState.CANCELLED: Look("Cancelled", "block", "gray"),
    BatchState.FINISHED: Look("Finished", "check_circle", "green"),
}


def draw_earlier(person: Person, class_photos: ClassPhotos, class_id: UUID, *, shown: UUID | None = None) -> None:
    """All but the one on show, newest first."""
    lines = [line for line in class_photos.of_class(person, class_id) if line.id != shown]
    if not lines:
        return
    st.subheader("Other batches" if shown else "Earlier batches", anchor=False)
    first = _first_on_page(len(lines))
    with st.container(border=True, gap="xsmall"):
        for line in lines[first : first + A_PAGE]:
            _draw_line(person, line)


def _first_on_page(count: int) -> int:
    if count <= A_PAGE:
        return 0
    return (st.pagination(-(-count // A_PAGE), key="class_photos_earlier") - 1) * A_PAGE


def _draw_line(person: Person, line: BatchLine) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=WHEN_PX):
            st.button(
                f"**{day_and_time(line.created_at, person.zone)}**",
                key=f"batch_{line.id.hex}",
                type="tertiary",
                icon=":material/chevron_right:",
                icon_position="right",
                on_click=go_to_batch,
                args=(line.id,),
            )
        with st.container(width=STATE_PX):
            st.markdown(LOOKS[line.state].badge)
        st.caption(summary(line), width="content")


def summary(line: BatchLine) -> str:
    """Such as "11 students · 9 done, 2 not made · $0.12"."""
    counts = line.counts
    under_way = counts.making + counts.waiting
    parts = [
        counted(counts.total, "student"),
        outcomes(counts),
        f"{under_way} left" if under_way else "",
        costs.in_line(line.spent),
    ]
    return " · ".join(part for part in parts if part)
