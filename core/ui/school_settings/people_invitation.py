"""The mail that invites a member, where the school's sign-in is by password."""

import time
from uuid import UUID

import streamlit as st

from core.accounts.member import Member
from core.accounts.person import Person
from core.bootstrap import App
from core.ui.school_settings.people_desk import attempt

_INVITED = "people_invited"
_DOUBLE_CLICK_S = 2.0


def draw_invitation(person: Person, app: App, member: Member) -> None:
    passwords = app.sign_in.passwords
    if person.is_demo or passwords is None or not passwords.may_invite or member.email is None or member.is_linked:
        return
    st.button(
        "Invite again" if member.invited_at else "Invite",
        icon=":material/mail:",
        key="people_invite",
        on_click=_invite,
        args=(person, app, member),
    )


def _invite(person: Person, app: App, member: Member) -> None:
    whom, at = st.session_state.get(_INVITED, (None, 0.0))
    if whom == member.id and time.monotonic() - at < _DOUBLE_CLICK_S:
        # Nobody wants two mails.
        return
    attempt(member.id, lambda: invite(person, app, member.id))
    st.session_state[_INVITED] = (member.id, time.monotonic())


def invite(person: Person, app: App, staff_id: UUID) -> str:
    """The sentence of what came of it."""
    passwords = app.sign_in.passwords
    if passwords is None:
        return ""
    redirect_to = f"{app.sign_in.public_url}/sign-in/new-password"
    is_sent = app.administration.members.invite(person, staff_id, lambda email: passwords.invite(email, redirect_to))
    if is_sent:
        return "The invitation is on its way. With its link they choose a password."
    return "Nothing was sent: this e-mail has an account already. They sign in with its password, or ask for a new one."
