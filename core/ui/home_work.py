"""Home's work in progress, and what makes the page look again."""

from collections.abc import Callable

import streamlit as st

from core.photos.board import WorkInProgress
from core.ui.links import roster_link
from core.ui.poller import watch
from core.ui.text import escape_label


def draw_work(read: Callable[[], list[WorkInProgress]]) -> None:
    """A card a class; as soon as one changes the page is drawn anew, its faces and costs too."""
    st.subheader("Work in progress", anchor=False)
    under_way = read()
    for work in under_way:
        with st.container(border=True, gap="small"):
            _draw_card(work)
    if under_way:
        watch(under_way, read)
    else:
        with st.container(border=True):
            st.markdown("Nothing is running.")


def _draw_card(work: WorkInProgress) -> None:
    st.markdown(f":material/photo_library: **Portraits** · {counts_line(work)}")
    st.caption(f"{where(work)}They are made even when you close this page.")
    roster_link("Watch", icon="arrow_forward", class_id=work.class_id)


def where(work: WorkInProgress) -> str:
    return f"{escape_label(work.class_name)}. " if work.class_name else ""


def counts_line(work: WorkInProgress) -> str:
    """Such as "3 being made, 2 waiting"."""
    parts = [(work.making, "being made"), (work.waiting, "waiting")]
    return ", ".join(f"{count} {what}" for count, what in parts if count)
