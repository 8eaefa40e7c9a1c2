"""The request as it left, and what stands behind its tokens; for its writer alone."""

import json

import streamlit as st

from core.assistant.message import Message
from core.assistant.sent import SentRequest
from core.ui.assistant.board import Board
from core.ui.formats import clock, counted
from core.ui.text import escape_label

AS_IT_LEFT = (
    "This is the request as it left the school. Names, contacts and ids were replaced; only you can see this page."
)
TALL_PX = 420


def draw_what_was_sent(board: Board, answer: Message) -> None:
    request = board.app.assistant.sent(board.person, answer.id)
    if request is None:
        st.caption("Nothing was sent for this answer.")
        return
    st.markdown(AS_IT_LEFT)
    message, replaced, body = st.tabs(["Message", "Replaced names", "Request"])
    with message:
        _draw_text(request.message, None)
        st.caption(_sent_line(board, answer, request))
    with replaced:
        _draw_replaced(request)
    with body:
        _draw_text(json.dumps(request.body, ensure_ascii=False, indent=2), "json")


def _draw_text(text: str, language: str | None) -> None:
    with st.container(height=TALL_PX if text.count("\n") > 15 or len(text) > 1500 else "content", border=False):
        st.code(text, language=language, wrap_lines=True)


def _draw_replaced(request: SentRequest) -> None:
    if not request.replaced:
        st.caption("No name, contact or id was in it.")
        return
    columns = {
        "Sent": [escape_label(one.token) for one in request.replaced],
        "Stands for": [escape_label(one.text) for one in request.replaced],
    }
    with st.container(height=TALL_PX if len(request.replaced) > 12 else "content", border=False):
        st.table(columns, hide_index=True, border="horizontal", alt="Replaced names")


def _sent_line(board: Board, answer: Message, request: SentRequest) -> str:
    """Sent 10:19:02 to api.openai.com · 2,140 tokens · 7 names, contacts and ids replaced · records: attendance."""
    tokens = answer.usage.prompt_tokens if answer.usage else None
    parts = [
        f"Sent {clock(request.sent_at, board.person.zone)} to {escape_label(request.sent_to)}",
        f"{tokens:,} tokens" if tokens is not None else "",
        f"{counted(len(request.replaced), 'name, contact or id')} replaced" if len(request.replaced) == 1 else "",
        f"{len(request.replaced)} names, contacts and ids replaced" if len(request.replaced) > 1 else "",
        f"records: {escape_label(', '.join(request.kinds))}" if request.kinds else "no records",
    ]
    return " · ".join(part for part in parts if part)
