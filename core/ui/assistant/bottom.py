"""Below everything, in line with the messages: Stop while an answer is written, a refusal, and the input."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.accounts.person import Person
from core.assistant.message import Subject
from core.assistant.sending import MOST_CHARACTERS
from core.bootstrap import App
from core.ui.assistant.actions import BOX, ask_from_box, show_refusal
from core.ui.assistant.board import STOP, Board

PLACEHOLDER = "Ask, or type / for a command"
SIDE_BY_SIDE = (1.6, 1)
READING_PX = 820


@contextmanager
def beside_cards() -> Iterator[None]:
    """The left one of the two columns."""
    left, _right = st.columns(SIDE_BY_SIDE, gap="medium")
    with left:
        yield


@contextmanager
def centred() -> Iterator[None]:
    """As wide as text is read well."""
    with st.container(horizontal_alignment="center"), st.container(width=READING_PX):
        yield


def draw_bottom(person: Person, app: App, *, board: Board | None = None, subject: Subject | None = None) -> None:
    has_cards = board is not None and board.subject is not None
    with st.bottom, beside_cards() if has_cards else centred(), st.container(gap="small"):
        if board is not None:
            draw_stop(board)
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
    if answer is None:
        return
    with st.container(horizontal_alignment="center"):
        st.button(
            "Stop",
            key="assistant_stop_button",
            icon=":material/stop_circle:",
            shortcut=None if board.has_dialog else "Esc",
            on_click=board.app.assistant.stop,
            args=(board.person, answer.id),
        )
