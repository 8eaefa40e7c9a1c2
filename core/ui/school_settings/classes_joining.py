"""The form that puts students who are here already into a class."""

from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.views import OpenClass, Schoolmate
from core.ui.school_settings.classes_desk import Form, Slot, attempt, close, draw_outcome
from core.ui.school_settings.classes_widgets import buttons, ids_in, several


def draw_joining(person: Person, app: App, here: OpenClass, form: Form) -> None:
    names = _names(here, app.administration.students.schoolmates(person))
    if here.entry.kind == "form":
        st.caption("Who is in another form class leaves that one and takes this class's level. Everything else stays.")
    else:
        st.caption("They stay in their form class.")
    several(form, "students", "Students", names, "Type a part of a name or of a class")
    draw_outcome(form)
    buttons(form, "Move here", lambda: _put_in(person, app, here, form), lambda: close(Slot.DIALOG))


def _names(here: OpenClass, everybody: list[Schoolmate]) -> dict[UUID, str]:
    """Those without a form class first, since they wait for one."""
    in_class = {one.id for one in here.students}
    others = [one for one in everybody if one.id not in in_class]
    others.sort(key=lambda one: one.form_class is not None)
    return {one.id: f"{one.full_name} · {one.form_class or 'no form class'}" for one in others}


def _put_in(person: Person, app: App, here: OpenClass, form: Form) -> None:
    def act(_confirmed: bool) -> None:
        app.administration.students.put_into(person, ids_in(form, "students"), here.id)

    attempt(Slot.DIALOG, form, act)
