"""The dialog that adds a member, and invites them where the school's sign-in has invitations."""

import streamlit as st

from core.accounts.member import LONGEST_EMAIL, LONGEST_NAME, MemberEntry
from core.accounts.person import Person, Role
from core.bootstrap import App
from core.errors import AppError
from core.ui.boundary import show_uncaught
from core.ui.school_settings.people_address import open_member
from core.ui.school_settings.people_desk import note
from core.ui.school_settings.people_invitation import invite
from core.ui.school_settings.people_words import NO_SIGN_IN, ways_in

_ADDING = "people_adding"
_NAME, _EMAIL, _ROLE, _INVITE = "people_new_name", "people_new_email", "people_new_role", "people_new_invite"
ROLES = {Role.TEACHER: "Teacher", Role.ADMIN: "Admin"}


def begin_adding() -> None:
    _put_away()
    st.session_state[_ADDING] = None


def draw_adding(person: Person, app: App) -> None:
    """While it is open it is opened anew by each run, since a click inside may need the whole page."""
    if _ADDING in st.session_state:
        st.dialog("Add member", on_dismiss=_put_away)(_draw)(person, app)


def _draw(person: Person, app: App) -> None:
    if _ADDING not in st.session_state:
        # Added by the click that brought this run, which is the dialog's alone.
        st.rerun()
    with st.form("people_new", border=False):
        st.text_input("Full name", key=_NAME, max_chars=LONGEST_NAME)
        st.text_input("E-mail", key=_EMAIL, max_chars=LONGEST_EMAIL, help="By it they are known at the first sign-in.")
        st.segmented_control(
            "Role",
            list(ROLES),
            format_func=lambda role: f":gray[{ROLES[role]}]",
            default=Role.TEACHER,
            key=_ROLE,
            required=True,
        )
        if _may_invite(app):
            st.checkbox("Send the invitation now", value=True, key=_INVITE)
        st.caption(NO_SIGN_IN if person.is_demo else ways_in(app.sign_in))
        error = st.session_state[_ADDING]
        with st.container():
            if error is not None:
                show_uncaught(error)
        st.form_submit_button("Add member", type="primary", on_click=_add, args=(person, app))


def _may_invite(app: App) -> bool:
    return app.sign_in.passwords is not None and app.sign_in.passwords.may_invite


def _add(person: Person, app: App) -> None:
    typed = st.session_state
    if _ADDING not in typed:
        # The second click of a double click: they are added.
        return
    entry = MemberEntry(typed[_NAME], typed[_EMAIL])
    role = typed[_ROLE] if typed[_ROLE] in ROLES else Role.TEACHER
    try:
        staff_id = app.administration.members.add(person, entry, role)
    except AppError as error:
        typed[_ADDING] = error
        return
    done, refused = "Added.", None
    if typed.get(_INVITE) and entry.checked().email is not None:
        try:
            done = f"Added. {invite(person, app, staff_id)}"
        except AppError as error:
            refused = error
    _put_away()
    note(staff_id, done, refused)
    open_member(staff_id)


def _put_away() -> None:
    for key in (_ADDING, _NAME, _EMAIL, _ROLE, _INVITE):
        st.session_state.pop(key, None)
