"""The assistant: conversations about the classes' records, streamed, with the students beside them."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.assistant.address import AssistantAddress, read_address, tidy_address
from core.ui.assistant.board import Board
from core.ui.assistant.bottom import SIDE_BY_SIDE, centred, draw_bottom
from core.ui.assistant.cards import draw_cards
from core.ui.assistant.dialogs import draw_dialog, has_dialog
from core.ui.assistant.empty import draw_empty
from core.ui.assistant.header import draw_head
from core.ui.assistant.screens import is_phone
from core.ui.assistant.thread import draw_thread
from core.ui.boundary import guarded
from core.ui.student_drawer import open_drawer

PANE_PX, A_TURN = 560, 2


def assistant(person: Person, app: App) -> None:
    tidy_address()
    address = read_address()
    if address.conversation_id is None:
        _draw_over(person, app, address, None)
        draw_empty(person, app, address)
        return
    thread = app.assistant.thread(person, address.conversation_id)
    is_covered = address.student_id is not None or has_dialog(address.conversation_id)
    board = Board(person, app, thread, has_dialog=is_covered)
    _draw_over(person, app, address, board)
    draw_head(board)
    _draw_thread(board)
    draw_bottom(person, app, board=board)


def _draw_over(person: Person, app: App, address: AssistantAddress, board: Board | None) -> None:
    """One dialog at a time; the drawer of a student comes first."""
    student_id = address.student_id
    if student_id is not None:
        guarded(lambda: open_drawer(person, app, student_id))
    elif board is not None:
        draw_dialog(board)


def _draw_thread(board: Board) -> None:
    """On a phone the second column follows the first."""
    subject = board.subject
    if subject is None:
        with centred(), _pane(board):
            draw_thread(board)
        return
    messages, students = st.columns(SIDE_BY_SIDE, gap="medium")
    with messages, _pane(board):
        draw_thread(board)
    with students:
        draw_cards(board.person, board.app, subject, earlier_question=board.earlier_question)


def _pane(board: Board) -> DeltaGenerator:
    """From the second question on the messages have a pane that keeps the newest in sight.

    Streamlit's own scrolling belongs to an input in no column. A phone has no room for a pane within the page.
    """
    is_pane = len(board.thread.messages) > A_TURN and not is_phone()
    return st.container(height=PANE_PX if is_pane else "content", border=False, autoscroll=True)
