"""The dialog "Where you are signed in": one's own sessions, and the ways to end those that are elsewhere."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.accounts.sessions import SessionRow, Sessions
from core.errors import AppError
from core.ui.boundary import guarded, show_uncaught
from core.ui.session import session_token
from core.ui.session_words import device_words, times_words
from core.ui.text import escape_label

_OUTCOME = "own_sessions_outcome"


def draw_own_sessions_button(person: Person, sessions: Sessions) -> None:
    label = "Where you are signed in"
    if st.button(label, key="own_sessions", icon=":material/devices:", type="tertiary"):
        st.session_state.pop(_OUTCOME, None)
        st.dialog(label)(_draw)(person, sessions)


def _draw(person: Person, sessions: Sessions) -> None:
    guarded(lambda: _draw_rows(person, sessions))


def _draw_rows(person: Person, sessions: Sessions) -> None:
    rows = sessions.of(person, token=session_token())
    for row in rows:
        _draw_row(person, sessions, row)
    _show_outcome()
    if any(not row.is_this for row in rows):
        st.button(
            "Sign out everywhere else",
            key="own_sessions_all",
            icon=":material/logout:",
            on_click=_end_others,
            args=(person, sessions),
        )
    st.caption("A session ends by itself after 8 hours without a click, and after 7 days in any case.")


def _draw_row(person: Person, sessions: Sessions, row: SessionRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None):
            st.markdown(f"**{escape_label(device_words(row))}**")
            st.caption(times_words(row, person.zone, datetime.now(UTC)))
        if row.is_this:
            st.badge("This browser", icon=":material/check:", color="gray")
        else:
            st.button(
                "Sign out there",
                key=f"own_session_{row.id.hex}",
                on_click=_end_one,
                args=(person, sessions, row.id),
            )


def _end_one(person: Person, sessions: Sessions, session_id: UUID) -> None:
    def end() -> str:
        is_ended = sessions.end_one(person, session_id)
        return "You are signed out there." if is_ended else "That session was over already."

    _attempt(end)


def _end_others(person: Person, sessions: Sessions) -> None:
    def end() -> str:
        sessions.end_all(person, session_token())
        return "You are signed out everywhere else."

    _attempt(end)


def _attempt(end: Callable[[], str]) -> None:
    try:
        st.session_state[_OUTCOME] = end()
    except AppError as error:
        st.session_state[_OUTCOME] = error


def _show_outcome() -> None:
    """The place is always there, so that nothing below it moves on."""
    outcome = st.session_state.get(_OUTCOME)
    with st.container():
        if isinstance(outcome, AppError):
            show_uncaught(outcome)
        elif outcome is not None:
            st.success(outcome, icon=":material/check:")
