"""What the teacher asked, and asking it in other words."""

import streamlit as st

from core.assistant.message import Message
from core.assistant.sending import MOST_CHARACTERS
from core.ui.assistant.actions import EDITED, ask_instead
from core.ui.assistant.board import Board
from core.ui.assistant.literal import literal


def draw_question(board: Board, message: Message) -> None:
    if st.session_state.get(EDITED) == message.id:
        _draw_editor(board, message)
        return
    with st.container(horizontal=True, gap="small", wrap=False, vertical_alignment="center"):
        st.markdown(literal(message.text), width="stretch")
        st.button(
            "Edit",
            key=f"edit_{message.id.hex}",
            type="tertiary",
            icon=":material/edit:",
            # It keeps its place while an answer is written, or that answer's end would move everything.
            disabled=board.thread.writing is not None,
            on_click=_edit,
            args=(message,),
        )


def _draw_editor(board: Board, message: Message) -> None:
    key = _key(message)
    st.text_area(
        "Your question", key=key, max_chars=MOST_CHARACTERS, height="content", persist_state="page", on_change="ignore"
    )
    if board.thread.messages[-2:] and message.id not in {one.id for one in board.thread.messages[-2:]}:
        st.caption("What follows it is replaced.")
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Send again",
            key=f"send_{message.id.hex}",
            type="primary",
            icon=":material/arrow_upward:",
            shortcut="Ctrl+Enter",
            on_click=lambda: ask_instead(board.person, board.app, message.id, st.session_state[key]),
        )
        st.button("Cancel", key=f"leave_{message.id.hex}", type="tertiary", on_click=_leave)


def _edit(message: Message) -> None:
    st.session_state[_key(message)] = message.text
    st.session_state[EDITED] = message.id


def _leave() -> None:
    st.session_state.pop(EDITED, None)


def _key(message: Message) -> str:
    return f"edited_{message.id.hex}"
