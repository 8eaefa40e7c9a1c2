"""Where a member is signed in, and the ways to end it."""

from datetime import UTC, datetime
from uuid import UUID

import streamlit as st

from core.accounts.member import Member
from core.accounts.person import Person
from core.accounts.sessions import SessionRow
from core.bootstrap import App
from core.ui.school_settings.people_desk import attempt
from core.ui.session import session_token
from core.ui.session_words import device_words, times_words
from core.ui.text import escape_label


def draw_sessions(person: Person, app: App, member: Member) -> None:
    rows = app.sessions.of(person, staff_id=member.id, token=session_token())
    st.markdown("**Where they are signed in**")
    if not rows:
        st.caption("Nowhere at the moment.")
        return
    for row in rows:
        _draw_row(person, app, member, row)
    if len(rows) > 1 and member.id != person.staff_id:
        st.button(
            "Sign out everywhere",
            icon=":material/logout:",
            key="people_end_all",
            on_click=_end_all,
            args=(person, app, member),
        )


def _draw_row(person: Person, app: App, member: Member, row: SessionRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None):
            st.markdown(f"{escape_label(device_words(row))}{' · **this browser**' if row.is_this else ''}")
            st.caption(times_words(row, person.zone, datetime.now(UTC)))
        if not row.is_this:
            st.button(
                "Sign out there",
                key=f"people_end_{row.id.hex}",
                type="tertiary",
                on_click=_end,
                args=(person, app, member, row.id),
            )


def _end(person: Person, app: App, member: Member, session_id: UUID) -> None:
    def end() -> str:
        is_ended = app.sessions.end_one(person, session_id)
        return f"{member.full_name} is signed out there." if is_ended else "That session was over already."

    attempt(member.id, end)


def _end_all(person: Person, app: App, member: Member) -> None:
    def end() -> str:
        app.sessions.end_all_of(person, member.id)
        return f"{member.full_name} is signed out everywhere."

    attempt(member.id, end)
