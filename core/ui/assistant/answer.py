"""An answer that has ended: its text, the records behind it, how it ended, what can be done and what it took."""

import streamlit as st

from core.assistant.conversation import Message, State
from core.ui.assistant.actions import ask_again, go_on
from core.ui.assistant.board import Board
from core.ui.assistant.copied_text import as_plain_text
from core.ui.assistant.dialogs import Dialog, open_dialog
from core.ui.assistant.model_text import finished_and_open, safe_markdown
from core.ui.assistant.rating import draw_rating, draw_reason
from core.ui.assistant.sources import draw_sources
from core.ui.assistant.words import end_note, left_out_line, removed_line, usage_line


def draw_answer(board: Board, message: Message) -> None:
    draw_text(message)
    _draw_end(board, message)
    draw_sources(message)
    if message.removed_citations:
        st.caption(removed_line(message.removed_citations))
    if message.left_out:
        st.caption(left_out_line(message.left_out))
    _draw_actions(board, message)
    if line := usage_line(message):
        st.caption(line)


def draw_text(message: Message) -> None:
    numbers = {mark: number for number, mark in enumerate(message.sources, 1)}
    closed, rest = finished_and_open(message.text)
    for block in closed:
        st.markdown(safe_markdown(block, numbers))
    if rest.strip():
        st.markdown(safe_markdown(rest, numbers))


def _draw_end(board: Board, message: Message) -> None:
    note = end_note(message)
    if note is None:
        return
    color = "gray" if message.state is State.STOPPED else "orange"
    with st.container(key=f"end_{message.id.hex}", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":{color}[{note}]", width="content")
        if board.thread.may_go_on(message):
            st.button(
                "Continue",
                key=f"go_on_{message.id.hex}",
                icon=":material/play_arrow:",
                on_click=go_on,
                args=(board.person, board.app, message.id),
            )


def _draw_actions(board: Board, message: Message) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if message.text.strip():
            draw_rating(board, message)
            _draw_copy(message)
        if board.thread.writing is None:
            st.button(
                "Regenerate",
                key=f"again_{message.id.hex}",
                type="tertiary",
                icon=":material/refresh:",
                on_click=ask_again,
                args=(board.person, board.app, message.id),
            )
        st.button(
            "What was sent",
            key=f"sent_{message.id.hex}",
            type="tertiary",
            icon=":material/visibility:",
            on_click=open_dialog,
            args=(Dialog.SENT, board.conversation_id, message.id),
        )
    draw_reason(board, message)


def _draw_copy(message: Message) -> None:
    """The clipboard is the browser's alone, and of what runs under our headers st.code reaches it."""
    copy = st.popover(
        "Copy", type="tertiary", icon=":material/content_copy:", key=f"copy_{message.id.hex}", on_change="rerun"
    )
    if copy.open:
        with copy:
            st.code(as_plain_text(message.text), language=None, wrap_lines=True, height=240)
