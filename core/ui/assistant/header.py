"""The open conversation's title, what it took so far, and what can be done with it."""

from datetime import UTC, datetime

import streamlit as st

from core.assistant.export import as_json, as_markdown, file_name
from core.ui.assistant.board import HEAD, Board
from core.ui.assistant.dialogs import Dialog, open_dialog
from core.ui.assistant.words import heading_line
from core.ui.frame import draw_title_with

_TIMES_LEFT = "assistant_more_left"
TITLE_PX = 470
"""Beside the menu there is as much on a tablet."""


@st.fragment(key=HEAD)
def draw_head(board: Board) -> None:
    thread, person = board.thread, board.person
    draw_title_with(lambda: _draw_more(board), thread.conversation.title, long_px=TITLE_PX)
    st.caption(heading_line(thread, person.zone, datetime.now(UTC)))


def _draw_more(board: Board) -> None:
    # A dialog closes it by its new key; one that told when it is opened would be drawn anew under the pointer.
    key = f"assistant_more_{st.session_state.get(_TIMES_LEFT, 0)}"
    with st.popover("More", icon=":material/more_horiz:", key=key), st.container(gap="xsmall"):
        _draw_item(board, "Rename", "edit", Dialog.RENAME)
        _draw_download(board, "Export as Markdown", "md", "text/markdown")
        _draw_download(board, "Export as JSON", "json", "application/json")
        _draw_item(board, "Delete", "delete", Dialog.DELETE)


def _draw_item(board: Board, label: str, icon: str, dialog: Dialog) -> None:
    st.button(
        label,
        key=f"assistant_{dialog.value}",
        type="tertiary",
        icon=f":material/{icon}:",
        on_click=_close_and_open,
        args=(board, dialog),
    )


def _draw_download(board: Board, label: str, ending: str, mime: str) -> None:
    thread, zone = board.thread, board.person.zone
    st.download_button(
        label,
        data=lambda: as_json(thread, zone) if ending == "json" else as_markdown(thread, zone),
        file_name=file_name(thread, ending),
        mime=mime,
        icon=":material/download:",
        key=f"assistant_export_{ending}",
        type="tertiary",
        on_click="ignore",
    )


def _close_and_open(board: Board, dialog: Dialog) -> None:
    st.session_state[_TIMES_LEFT] = st.session_state.get(_TIMES_LEFT, 0) + 1
    open_dialog(dialog, board.conversation_id)
