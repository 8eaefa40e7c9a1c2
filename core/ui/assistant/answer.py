"""An answer that has ended: its text, the records behind it, how it ended, what can be done and what it took."""

import streamlit as st

from core.assistant.message import Message, State
from core.ui.assistant.actions import ask_again, go_on
from core.ui.assistant.board import Board
from core.ui.assistant.copied_text import as_plain_text
from core.ui.assistant.dialogs import Dialog, open_dialog
from core.ui.assistant.model_text import finished_and_open, safe_markdown
from core.ui.assistant.rating import draw_rating, draw_reason, draw_what_was_kept
from core.ui.assistant.sources import draw_sources
from core.ui.assistant.words import WHAT_THEY_COST, end_note, held_back_line, left_out_line, removed_line, usage_line
from core.ui.links import usage_link
from core.ui.usage.words import PLAIN_QUESTION


def draw_answer(board: Board, message: Message) -> None:
    """Of one that was continued the last part has what belongs to the whole."""
    _draw_text(board, message)
    is_last = not board.thread.is_continued(message)
    if is_last:
        _draw_end(board, message)
        draw_sources(message.id, list(board.thread.sources(message).values()))
    _draw_counts(message)
    _draw_actions(board, message, is_last=is_last)
    _draw_usage(message)


def _draw_usage(message: Message) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if line := usage_line(message):
            st.caption(line, width="content")
        if message.usage is not None:
            usage_link(WHAT_THEY_COST, feature=message.command or PLAIN_QUESTION)


def _draw_counts(message: Message) -> None:
    if message.removed_citations:
        st.caption(removed_line(message.removed_citations))
    if message.left_out:
        st.caption(left_out_line(message.left_out))
    if message.held_back:
        st.caption(held_back_line(message.held_back))


def _draw_text(board: Board, message: Message) -> None:
    numbers = board.thread.numbers(message)
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


def _draw_actions(board: Board, message: Message, *, is_last: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if is_last and message.text.strip():
            draw_rating(board, message)
            _draw_copy(message, "".join(part.text for part in board.thread.parts(message)))
        if is_last and board.thread.writing is None:
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
        if is_last:
            draw_what_was_kept(message)
    if is_last:
        draw_reason(board, message)


def _draw_copy(message: Message, text: str) -> None:
    """The clipboard is the browser's alone, and of what runs under our headers st.code reaches it."""
    copy = st.popover(
        "Copy", type="tertiary", icon=":material/content_copy:", key=f"copy_{message.id.hex}", on_change="rerun"
    )
    if copy.open:
        with copy:
            st.code(as_plain_text(text), language=None, wrap_lines=True, height=240)
