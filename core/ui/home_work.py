"""Home's work in progress, and what makes the page look again."""

from collections.abc import Callable

import streamlit as st

from core.photos.board import WorkInProgress
from core.ui.links import roster_link
from core.ui.poller import watch


def draw_work(read: Callable[[], WorkInProgress]) -> None:
    """What is under way; as soon as that changes the page is drawn anew, its faces and costs too."""
    st.subheader("Work in progress", anchor=False)
    work = read()
    with st.container(border=True, gap="small"):
        if is_any(work):
            _draw_card(work)
        else:
            st.markdown("Nothing is running.")
    if is_any(work):
        watch(work, read)


def _draw_card(work: WorkInProgress) -> None:
    st.markdown(f":material/photo_library: **Portraits** · {counts_line(work)}")
    st.caption("They are made even when you close this page.")
    roster_link("Watch", icon="arrow_forward")


def is_any(work: WorkInProgress) -> bool:
    return work.making + work.waiting > 0


def counts_line(work: WorkInProgress) -> str:
    """Such as "3 being made, 2 waiting"."""
    parts = [(work.making, "being made"), (work.waiting, "waiting")]
    return ", ".join(f"{count} {what}" for count, what in parts if count)
