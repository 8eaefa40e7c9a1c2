"""An answer while it is written: its text as it comes, and how many records it goes by."""

from collections.abc import Iterator

import streamlit as st

from core.assistant.message import Message
from core.ui.assistant.board import LIVE, Board
from core.ui.assistant.model_text import finished_and_open, safe_markdown
from core.ui.assistant.paragraphs import Paragraphs, number_marks
from core.ui.assistant.words import writing_line
from core.ui.boundary import guarded
from core.ui.poller import is_alone, others_wait, redraw_fragment, redraw_soon

AGAIN_S = 2.0
"""When to look whether it goes on, should a run have been lost."""
CURSOR = "▌"


# Why not stream in the page's own run, nor with `parallel=True`: until such a run ends, clicks within fragments (a
# drawer's button, a card's filter) wait for it. A fragment's run waits for nobody and everything else may cut it
# short: a run of the whole page ends it at once, and for other fragments it steps aside by itself and comes back.
@st.fragment(key=LIVE, run_every=AGAIN_S)
def draw_live(board: Board, answer: Message) -> None:
    guarded(lambda: _draw(board, answer))


def _draw(board: Board, answer: Message) -> None:
    text = st.container()
    st.caption(writing_line(answer))
    pieces = board.app.assistant.tail(board.person, answer.id)
    with text:
        if not is_alone(LIVE):
            _draw_so_far(next(pieces, ""), board.thread.numbers(answer))
            redraw_soon(LIVE)
            return
        _stream(Paragraphs(_interruptible(pieces), board.thread.numbers(answer)))
    _go_on(board, answer, was_interrupted=others_wait(LIVE))


def _stream(paragraphs: Paragraphs) -> None:
    while True:
        for block in paragraphs.take_finished():
            st.markdown(block)
        if paragraphs.is_over:
            return
        place = st.empty()
        with place.container():
            st.write_stream(paragraphs.stream_open(), cursor=CURSOR)
        if block := paragraphs.take_open():
            # What was streamed can only have grown; a table, say, may have to be drawn as a whole.
            place.markdown(block)


def _interruptible(pieces: Iterator[str]) -> Iterator[str]:
    """Until other fragments want to run; looking into the session ends a run that the whole page waits for."""
    for piece in pieces:
        yield piece
        st.session_state.get(LIVE)
        if others_wait(LIVE):
            return


def _go_on(board: Board, answer: Message, *, was_interrupted: bool) -> None:
    if was_interrupted:
        redraw_fragment(LIVE)
        return
    board.refresh()
    if board.thread.writing is None or board.thread.writing.id != answer.id:
        board.redraw()


def _draw_so_far(text: str, numbers: dict[str, int]) -> None:
    number_marks(numbers, text)
    closed, rest = finished_and_open(text)
    for block in closed:
        st.markdown(safe_markdown(block, numbers))
    if rest.strip():
        st.markdown(safe_markdown(rest, numbers, is_open=True) + CURSOR)
