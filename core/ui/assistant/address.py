"""Which conversation is open, kept in the address bar so that a link, a reload, a second tab and Back bring it back."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from core.ui.roster_address import CLASS, STUDENT, as_uuid, go_to, keep_latest_moves

CHAT, ABOUT = "chat", "about"
"""The open conversation; the student whom a new one is to be about, by the id alone."""


@dataclass(frozen=True)
class AssistantAddress:
    """The address bar, read; what makes no sense there counts as absent."""

    conversation_id: UUID | None
    about_id: UUID | None
    class_id: UUID | None
    student_id: UUID | None


def read_address() -> AssistantAddress:
    query = st.query_params
    return AssistantAddress(
        conversation_id=as_uuid(query.get(CHAT)),
        about_id=as_uuid(query.get(ABOUT)),
        class_id=as_uuid(query.get(CLASS)),
        student_id=as_uuid(query.get(STUDENT)),
    )


def tidy_address() -> None:
    """Take out what makes no sense, so that no link or reload carries it on."""
    keep_latest_moves()
    for name in (CHAT, ABOUT, CLASS, STUDENT):
        if name in st.query_params and as_uuid(st.query_params[name]) is None:
            del st.query_params[name]


def open_conversation(conversation_id: UUID) -> None:
    _open(str(conversation_id))


def open_new() -> None:
    """Back to the examples."""
    _open("")


def _open(conversation: str) -> None:
    for name in (ABOUT, CLASS, STUDENT):
        go_to(name, "")
    go_to(CHAT, conversation)
