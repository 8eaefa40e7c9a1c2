"""Thumbs, and for a downward one the reason if the teacher likes to give it."""

import streamlit as st

from core.assistant.message import Message, Thumb
from core.ui.assistant.board import Board

MOST_CHARACTERS = 500
_THUMBS = (Thumb.DOWN, Thumb.UP)
"""By st.feedback's numbers."""


def draw_rating(board: Board, message: Message) -> None:
    key = f"thumb_{message.id.hex}"
    if key not in st.session_state:
        st.session_state[key] = None if message.thumb is None else _THUMBS.index(message.thumb)
    st.feedback("thumbs", key=key, on_change=_rate, args=(board, message))


def draw_what_was_kept(message: Message) -> None:
    """In words, at the end of the row, where it moves nothing."""
    chosen = st.session_state.get(f"thumb_{message.id.hex}")
    if chosen is not None:
        reason = ", with your reason" if st.session_state.get(f"reason_{message.id.hex}") else ""
        kept = f"as not helpful{reason}" if _THUMBS[chosen] is Thumb.DOWN else "as helpful"
        st.caption(f"Kept {kept}", width="content")


def draw_reason(board: Board, message: Message) -> None:
    if st.session_state.get(f"thumb_{message.id.hex}") != _THUMBS.index(Thumb.DOWN):
        return
    key = f"reason_{message.id.hex}"
    if key not in st.session_state:
        st.session_state[key] = message.thumb_reason or ""
    st.text_input(
        "What was wrong with it? (optional)",
        key=key,
        max_chars=MOST_CHARACTERS,
        on_change=_rate,
        args=(board, message),
    )


def _rate(board: Board, message: Message) -> None:
    chosen = st.session_state.get(f"thumb_{message.id.hex}")
    thumb = None if chosen is None else _THUMBS[chosen]
    said = str(st.session_state.get(f"reason_{message.id.hex}") or "")
    reason = said[:MOST_CHARACTERS] if thumb is Thumb.DOWN else ""
    board.app.assistant.rate(board.person, message.id, thumb, reason)
