"""The drawer of one member: who they are, what may be done, and where they are signed in."""

from datetime import UTC, datetime
from uuid import UUID

import streamlit as st

from core.accounts.member import Member
from core.accounts.person import Person
from core.bootstrap import App
from core.ui.boundary import guarded
from core.ui.school_settings.people_desk import Step, attempt, begin, desk_of, put_away, show_outcome
from core.ui.school_settings.people_forms import draw_step
from core.ui.school_settings.people_invitation import draw_invitation
from core.ui.school_settings.people_sessions import draw_sessions
from core.ui.school_settings.people_words import NO_SIGN_IN, account_words, last_seen_words, role_word
from core.ui.text import escape_label

DRAWER_PX = 460


def open_member_drawer(person: Person, app: App, staff_id: UUID) -> None:
    """Raises MemberGone; from then on it redraws itself, and the list when it is closed."""
    member = app.administration.members.one(person, staff_id)
    dialog = st.dialog(escape_label(member.full_name), width=DRAWER_PX, position="right", on_dismiss=put_away)
    dialog(_draw)(person, app, staff_id)


@st.fragment(key="people_drawer")
def _draw(person: Person, app: App, staff_id: UUID) -> None:
    guarded(lambda: _draw_parts(person, app, staff_id))


def _draw_parts(person: Person, app: App, staff_id: UUID) -> None:
    desk = desk_of(staff_id)
    member = app.administration.members.one(person, staff_id)
    _draw_badges(person, member)
    show_outcome(desk)
    _draw_details(person, member)
    if desk.step is None:
        _draw_actions(person, app, member)
    else:
        draw_step(person, app, member, desk)
    if person.is_demo:
        st.caption(NO_SIGN_IN)
    else:
        draw_sessions(person, app, member)


def _draw_badges(person: Person, member: Member) -> None:
    with st.container(horizontal=True, gap="small"):
        st.badge(role_word(member), icon=":material/shield_person:" if member.is_admin else ":material/person:")
        if not member.is_active:
            st.badge("Left", icon=":material/person_off:", color="gray")
        if member.name_to_check:
            st.badge("Name to check", icon=":material/edit:", color="orange")
        if member.id == person.staff_id:
            st.badge("You", icon=":material/waving_hand:", color="blue")


def _draw_details(person: Person, member: Member) -> None:
    now = datetime.now(UTC)
    rows = {
        "E-mail": member.email or "none yet",
        "Classes": ", ".join(member.classes) or "none",
    }
    if not person.is_demo:
        rows |= {
            "Account": account_words(member, person.zone, now),
            "Last seen": last_seen_words(member, person.zone, now) or "not of late",
        }
    st.table({name: escape_label(value) for name, value in rows.items()}, hide_header=True)


def _draw_actions(person: Person, app: App, member: Member) -> None:
    with st.container(horizontal=True, gap="small"):
        _step_button("Correct name or e-mail", "edit", member, Step.CORRECT)
        if not member.is_active:
            st.button(
                "Reactivate",
                icon=":material/person_add:",
                key="people_reactivate",
                on_click=_reactivate,
                args=(person, app, member),
            )
            return
        draw_invitation(person, app, member)
        label = "Make teacher" if member.is_admin else "Make admin"
        _step_button(label, "shield_person", member, Step.ROLE)
        if member.is_linked and member.id != person.staff_id:
            _step_button("Unlink account", "link_off", member, Step.UNLINK)
        if member.id != person.staff_id:
            _step_button("Deactivate", "person_off", member, Step.DEACTIVATE)
    if member.id == person.staff_id:
        st.caption("Nobody deactivates themselves; another admin can.")


def _step_button(label: str, icon: str, member: Member, step: Step) -> None:
    st.button(label, icon=f":material/{icon}:", key=f"people_{step}", on_click=begin, args=(member.id, step))


def _reactivate(person: Person, app: App, member: Member) -> None:
    def act() -> str:
        app.administration.members.reactivate(person, member.id)
        return f"{member.full_name} is active again and can sign in."

    attempt(member.id, act)
