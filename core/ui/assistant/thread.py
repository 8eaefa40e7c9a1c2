"""The messages of a conversation, oldest first."""

import streamlit as st

from core.assistant import commands
from core.assistant.commands import UnknownCommand
from core.assistant.message import Kind, Message, Role
from core.ui.assistant.actions import ask_instead, choose
from core.ui.assistant.answer import draw_answer
from core.ui.assistant.board import THREAD, Board
from core.ui.assistant.command_table import draw_commands
from core.ui.assistant.literal import literal
from core.ui.assistant.live import draw_live
from core.ui.assistant.question import draw_question
from core.ui.boundary import guarded
from core.ui.text import escape_label

_ICONS = {Role.ASSISTANT: ":material/local_cafe:", Role.TEACHER: ":material/person:"}


@st.fragment(key=THREAD)
def draw_thread(board: Board) -> None:
    """A fragment, so that a thumb or an answer's end redraws the messages and nothing that lies beside or over them."""
    guarded(lambda: _draw(board))


def _draw(board: Board) -> None:
    before: Message | None = None
    whole = [board.thread.parts(last) for last in board.thread.messages if not board.thread.is_continued(last)]
    for first, *rest in whole:
        with st.chat_message(first.role, avatar=_ICONS[first.role]):
            for part in (first, *rest):
                _draw_message(board, part, before)
        before = first


def _draw_message(board: Board, message: Message, before: Message | None) -> None:
    if message.kind is Kind.QUESTION:
        draw_question(board, message)
    elif message.kind is Kind.ANSWER:
        draw_live(board, message) if message.is_writing else draw_answer(board, message)
    else:
        _draw_own_words(board, message, before)


def _draw_own_words(board: Board, message: Message, before: Message | None) -> None:
    """What the app says by itself; no model was asked."""
    if message.kind is Kind.HELP:
        draw_commands()
        return
    st.markdown(literal(message.text))
    if message.kind is Kind.WHICH:
        _draw_choices(board, message)
    elif before is not None:
        _draw_nearest(board, before)


def _draw_choices(board: Board, message: Message) -> None:
    with st.container(horizontal=True, gap="small"):
        for number, candidate in enumerate(message.choices):
            st.button(
                escape_label(candidate.name),
                key=f"which_{message.id.hex}_{number}",
                on_click=choose,
                args=(board.person, board.app, message.id, candidate),
            )


def _draw_nearest(board: Board, question: Message) -> None:
    """The command that was perhaps meant, with what was typed behind it."""
    typed = commands.parse(question.text)
    if not isinstance(typed, UnknownCommand) or typed.nearest is None:
        return
    meant = f"/{typed.nearest} {typed.about}".strip()
    st.button(
        escape_label(meant),
        key=f"nearest_{question.id.hex}",
        icon=":material/arrow_upward:",
        on_click=ask_instead,
        args=(board.person, board.app, question.id, meant),
    )
