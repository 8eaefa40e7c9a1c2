"""What the drawer asks before it changes a member: a form for name and e-mail, else what will happen."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.accounts.member import LONGEST_EMAIL, LONGEST_NAME, Member, MemberEntry
from core.accounts.person import Person, Role
from core.bootstrap import App
from core.ui.school_settings.people_desk import Desk, Step, attempt, begin
from core.ui.text import escape_label


@dataclass(frozen=True)
class Question:
    """What is asked, what happens then, and the button that does it."""

    asks: str
    costs: str
    button: str
    act: Callable[[], str]


def draw_step(person: Person, app: App, member: Member, desk: Desk) -> None:
    if desk.step is Step.CORRECT:
        _draw_correction(person, app, member, desk)
    elif desk.step is not None:
        _draw_question(member, desk, question(person, app, member, desk.step))


def question(person: Person, app: App, member: Member, step: Step) -> Question:
    if step is Step.DEACTIVATE:
        return _deactivation(person, app, member)
    return _unlinking(person, app, member) if step is Step.UNLINK else _change_of_role(person, app, member)


def _draw_question(member: Member, desk: Desk, asked: Question) -> None:
    with st.container(border=True):
        st.markdown(f"**{escape_label(asked.asks)}**")
        st.write(escape_label(asked.costs))
        with st.container(horizontal=True):
            st.button(
                escape_label(asked.button),
                key=desk.key("do"),
                type="primary",
                on_click=attempt,
                args=(member.id, asked.act),
            )
            st.button("Cancel", key=desk.key("cancel"), on_click=begin, args=(member.id, None))


def _draw_correction(person: Person, app: App, member: Member, desk: Desk) -> None:
    name, email = desk.key("name"), desk.key("email")

    def act() -> str:
        app.administration.members.correct(
            person, member, MemberEntry(st.session_state[name], st.session_state[email] or None)
        )
        return "Saved."

    with st.form(desk.key("correction")):
        st.text_input("Full name", value=member.full_name, key=name, max_chars=LONGEST_NAME)
        st.text_input("E-mail", value=member.email or "", key=email, max_chars=LONGEST_EMAIL)
        st.caption(_what_an_email_does(person, member))
        with st.container(horizontal=True):
            st.form_submit_button("Save", type="primary", key=desk.key("save"), on_click=attempt, args=(member.id, act))
            st.form_submit_button("Cancel", key=desk.key("cancel"), on_click=begin, args=(member.id, None))


def _what_an_email_does(person: Person, member: Member) -> str:
    if member.id == person.staff_id:
        return "You stay signed in with the account that you have, whatever the address says."
    if member.is_linked:
        return (
            "Another e-mail unlinks the account that signs them in now and signs them out everywhere, since the old "
            "address may have been somebody else's. They sign in again with an account of the new one."
        )
    return "The e-mail says whose account signs them in for the first time."


def _change_of_role(person: Person, app: App, member: Member) -> Question:
    role = Role.TEACHER if member.is_admin else Role.ADMIN

    def act() -> str:
        app.administration.members.set_role(person, member.id, role)
        return f"{member.full_name} is {'an admin' if role is Role.ADMIN else 'a teacher'} now."

    if role is Role.ADMIN:
        return Question(
            f"Make {member.full_name} an admin?",
            "Admins see every class, student and cost of the school, and change all of it, also who is an admin.",
            "Make admin",
            act,
        )
    if member.id == person.staff_id:
        costs = "You lose this page at once and see only the classes that you teach. Only another admin can undo it."
        return Question("Take the role of admin from yourself?", costs, "Give up the role", act)
    costs = "They see only the classes that they teach, from their next click on."
    return Question(f"Make {member.full_name} a teacher?", costs, "Make teacher", act)


def _deactivation(person: Person, app: App, member: Member) -> Question:
    def act() -> str:
        app.administration.members.deactivate(person, member.id)
        return f"{member.full_name} is deactivated and signed out."

    return Question(
        f"Deactivate {member.full_name}?",
        "They are signed out everywhere at once and can't sign in. What they wrote stays, and so do their classes. "
        "Portraits that they asked for and that have not been started are not made and cost nothing.",
        "Deactivate",
        act,
    )


def _unlinking(person: Person, app: App, member: Member) -> Question:
    def act() -> str:
        app.sessions.unlink(person, member.id)
        return "Unlinked. The next sign-in links an account anew."

    then = (
        f"The next sign-in links the account that has {member.email} then."
        if member.email
        else "Without an e-mail they can't sign in again: correct it first."
    )
    costs = f"They are signed out everywhere. {then} Do this if their account was made anew, or was somebody else's."
    return Question(f"Unlink the account of {member.full_name}?", costs, "Unlink account", act)
