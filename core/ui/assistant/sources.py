"""The records that an answer cites; a click opens one in the student's drawer."""

from collections.abc import Sequence

import streamlit as st

from core.assistant.conversation import Message, Source
from core.ui.assistant.actions import open_record
from core.ui.assistant.words import record_label

MANY, TALL_PX = 15, 190


def draw_sources(message: Message) -> None:
    sources = list(message.sources.values())
    if not sources:
        return
    key = f"sources_{message.id.hex}"
    # An answer about a whole class cites dozens.
    with st.container(height=TALL_PX if len(sources) > MANY else "content", border=False):
        st.pills(
            "Records behind this answer",
            range(len(sources)),
            key=key,
            format_func=lambda place: f"**{place + 1}** {record_label(sources[place])}",
            wrap=True,
            on_change=_open,
            args=(key, sources),
        )


def _open(key: str, sources: Sequence[Source]) -> None:
    place = st.session_state[key]
    # Nothing stays chosen, so that the same record can be opened again.
    st.session_state[key] = None
    if place is not None:
        open_record(sources[place].record)
