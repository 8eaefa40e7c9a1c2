"""The records that an answer cites; a click opens one in the student's drawer."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from core.assistant.message import Source
from core.ui.assistant.actions import open_record
from core.ui.assistant.words import record_label

MANY, FEW = 15, 12
"""An answer about a whole class cites dozens."""
_ALL = "assistant_sources_all"


def draw_sources(message_id: UUID, sources: Sequence[Source]) -> None:
    if not sources:
        return
    key = f"sources_{message_id.hex}"
    shown = sources if len(sources) <= MANY or _shows_all(message_id) else sources[:FEW]
    st.pills(
        "Records behind this answer",
        range(len(shown)),
        key=key,
        format_func=lambda place: f"**{place + 1}** {record_label(sources[place])}",
        wrap=True,
        on_change=_open,
        args=(key, sources),
    )
    if len(sources) > MANY:
        label = "Show fewer" if _shows_all(message_id) else f"Show all {len(sources)}"
        st.button(label, key=f"all_{key}", type="tertiary", on_click=_show_all, args=(message_id,))


def _shows_all(message_id: UUID) -> bool:
    return message_id in st.session_state.get(_ALL, frozenset())


def _show_all(message_id: UUID) -> None:
    """Or fewer again."""
    st.session_state[_ALL] = st.session_state.get(_ALL, frozenset()) ^ {message_id}


def _open(key: str, sources: Sequence[Source]) -> None:
    place = st.session_state[key]
    # Nothing stays chosen, so that the same record can be opened again.
    st.session_state[key] = None
    if place is not None:
        open_record(sources[place].record)
