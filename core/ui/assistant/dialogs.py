"""What is asked or shown over a conversation: a new name, whether to delete it, what was sent for an answer."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import streamlit as st

from core.ui.assistant.address import open_new
from core.ui.assistant.board import Board
from core.ui.assistant.what_was_sent import draw_what_was_sent
from core.ui.boundary import guarded
from core.ui.text import escape_label

_OPEN = "assistant_dialog"
LONGEST_TITLE = 120


class Dialog(StrEnum):
    RENAME = "rename"
    DELETE = "delete"
    SENT = "sent"


@dataclass(frozen=True)
class _Asked:
    dialog: Dialog
    conversation_id: UUID
    message_id: UUID | None


def open_dialog(dialog: Dialog, conversation_id: UUID, message_id: UUID | None = None) -> None:
    """From a click within a fragment; only a run of the whole page may open one."""
    st.session_state[_OPEN] = _Asked(dialog, conversation_id, message_id)
    st.rerun()


def has_dialog(conversation_id: UUID) -> bool:
    """Of another conversation, left behind by the browser's Back, it counts no more."""
    asked = st.session_state.get(_OPEN)
    return asked is not None and asked.conversation_id == conversation_id


def draw_dialog(board: Board) -> None:
    if not has_dialog(board.conversation_id):
        _close()
        return
    asked: _Asked = st.session_state[_OPEN]
    if asked.dialog is Dialog.SENT:
        _sent(board, asked.message_id)
    elif asked.dialog is Dialog.RENAME:
        _rename(board)
    else:
        _delete(board)


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.dialog("What was sent", width="large", icon=":material/visibility:", on_dismiss=_close)
def _sent(board: Board, message_id: UUID | None) -> None:
    answer = next((one for one in board.thread.messages if one.id == message_id), None)
    if answer is not None:
        guarded(lambda: draw_what_was_sent(board, answer))


@st.dialog("Rename", icon=":material/edit:", on_dismiss=_close)
def _rename(board: Board) -> None:
    conversation = board.thread.conversation
    with st.form("assistant_new_title", border=False):
        title = st.text_input("Title", value=conversation.title, max_chars=LONGEST_TITLE)
        is_sent = st.form_submit_button("Rename", type="primary")
    if is_sent and not title.strip():
        st.warning("The title is missing.", icon=":material/warning:")
    elif is_sent:
        board.app.assistant.rename(board.person, conversation.id, title.strip()[:LONGEST_TITLE])
        _close()
        st.rerun()


@st.dialog("Delete this conversation?", icon=":material/delete:", on_dismiss=_close)
def _delete(board: Board) -> None:
    conversation = board.thread.conversation
    st.markdown(
        f"“{escape_label(conversation.title)}” and what was sent for it are deleted for good. "
        "What it cost stays in the sums."
    )
    with st.container(horizontal=True, gap="small"):
        if st.button("Delete", key="assistant_delete_now", type="primary"):
            board.app.assistant.forget(board.person, conversation.id)
            _close()
            open_new()
            st.rerun()
        if st.button("Keep", key="assistant_keep"):
            _close()
            st.rerun()
