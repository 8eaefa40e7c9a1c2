"""What the teacher asked, and asking it in other words."""

import streamlit as st

from core.assistant.message import Message
from core.assistant.sending import MOST_CHARACTERS
from core.ui.assistant.actions import EDITED, ask_instead
from core.ui.assistant.board import Board
from core.ui.assistant.literal import literal


def draw_question(board: Board, message: Message) -> None:
    is_edited = st.session_state.get(EDITED) == message.id
    with st.container(horizontal=True, gap="small", wrap=is_edited, vertical_alignment="center"):
        if is_edited:
            _draw_field(message)
        else:
            st.markdown(literal(message.text), width="stretch")
        _draw_edit_or_cancel(board, message, is_edited=is_edited)
    if is_edited:
        _draw_send_again(board, message)


def _draw_edit_or_cancel(board: Board, message: Message, *, is_edited: bool) -> None:
    """One button with two labels, which keeps the focus beside the field that comes and goes."""
    st.button(
        "Cancel" if is_edited else "Edit",
        key=f"edit_{message.id.hex}",
        type="tertiary",
        icon=":material/close:" if is_edited else ":material/edit:",
        # It keeps its place while an answer is written, or that answer's end would move everything.
        disabled=board.thread.writing is not None and not is_edited,
        on_click=_leave if is_edited else _edit,
        args=None if is_edited else (message,),
    )


def _draw_field(message: Message) -> None:
    st.text_area(
        "Your question",
        key=_key(message),
        max_chars=MOST_CHARACTERS,
        height="content",
        persist_state="page",
        on_change="ignore",
    )


def _draw_send_again(board: Board, message: Message) -> None:
    if board.thread.messages[-2:] and message.id not in {one.id for one in board.thread.messages[-2:]}:
        st.caption("What follows it is replaced.")
    st.button(
        "Send again",
        key=f"send_{message.id.hex}",
        type="primary",
        icon=":material/arrow_upward:",
        shortcut="Ctrl+Enter",
        on_click=lambda: ask_instead(board.person, board.app, message.id, st.session_state[_key(message)]),
    )


def _edit(message: Message) -> None:
    st.session_state[_key(message)] = message.text
    st.session_state[EDITED] = message.id


def _leave() -> None:
    st.session_state.pop(EDITED, None)


def _key(message: Message) -> str:
    return f"edited_{message.id.hex}"
