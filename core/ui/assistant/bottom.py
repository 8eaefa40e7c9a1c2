"""Below everything, in line with the messages: Stop while an answer is written, a refusal, and the input."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.assistant.message import Subject
from core.assistant.sending import MOST_CHARACTERS
from core.bootstrap import App
from core.ui.assistant.actions import BOX, ask_from_box, show_refusal
from core.ui.assistant.board import HEAD, STOP, THREAD, Board

PLACEHOLDER = "Ask, or type / for a command"
SIDE_BY_SIDE, ALL_TO_THE_LEFT = (1.6, 1), (1, 0.001)
READING_PX = 820
ENDS_WITHIN_S = 0.4
"""An answer that this process writes; elsewhere it takes until its text is saved."""
_STOPPED = "assistant_stopped"


@contextmanager
def _in_line_with_messages(*, has_cards: bool) -> Iterator[None]:
    """The same parts either way, so that the box stays the same with the first answer and keeps the focus."""
    left, _right = st.columns(SIDE_BY_SIDE if has_cards else ALL_TO_THE_LEFT, gap="medium" if has_cards else None)
    with (
        left,
        st.container(horizontal_alignment="left" if has_cards else "center"),
        st.container(width="stretch" if has_cards else READING_PX, gap="small"),
    ):
        yield


@contextmanager
def centred() -> Iterator[None]:
    """As wide as text is read well."""
    with st.container(horizontal_alignment="center"), st.container(width=READING_PX):
        yield


def draw_bottom(person: Person, app: App, *, board: Board | None = None, subject: Subject | None = None) -> None:
    has_cards = board is not None and board.subject is not None
    with st.bottom, _in_line_with_messages(has_cards=has_cards):
        stop, refusal = st.container(), st.container()
        if board is not None:
            with stop:
                draw_stop(board)
        with refusal:
            show_refusal()
        st.chat_input(
            PLACEHOLDER,
            key=BOX,
            max_chars=MOST_CHARACTERS,
            on_submit=ask_from_box,
            args=(person, app, subject),
        )


@st.fragment(key=STOP)
def draw_stop(board: Board) -> None:
    """A fragment of its own: it goes away with the answer's end, and a click waits for no drawing of the page."""
    answer = board.thread.writing
    if answer is None and not _was_just_stopped(board):
        return
    with st.container(horizontal_alignment="center"):
        st.button(
            "Stop" if answer else "Stopped",
            # The same after the click: a button that goes away takes the focus with it.
            key="assistant_stop_button",
            icon=":material/stop_circle:" if answer else ":material/check:",
            shortcut="Esc" if answer and not board.has_dialog else None,
            on_click=_stop if answer else None,
            args=(board, answer.id) if answer else None,
        )


def _was_just_stopped(board: Board) -> bool:
    newest = board.thread.messages[-1:]
    return bool(newest) and newest[0].id == st.session_state.get(_STOPPED)


def _stop(board: Board, answer_id: UUID) -> None:
    """Waits for the end, so that the very next run shows it; else the answer's own fragment would find it first."""
    board.app.assistant.stop(board.person, answer_id)
    st.session_state[_STOPPED] = answer_id
    give_up_at = time.monotonic() + ENDS_WITHIN_S
    for _ in board.app.assistant.tail(board.person, answer_id):
        if time.monotonic() > give_up_at:
            break
    board.refresh()
    st.rerun([HEAD, THREAD, STOP])
