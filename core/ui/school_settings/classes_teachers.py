"""Who teaches a class: the list, and the form that adds to it."""

from collections.abc import Callable

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.views import OpenClass, TeacherRow
from core.ui.school_settings.classes_desk import Form, Slot, attempt, close, do, draw_outcome
from core.ui.school_settings.classes_widgets import buttons, choice, ids_in, several, text_in
from core.ui.school_settings.classes_words import ROLES
from core.ui.text import escape_label

WHAT_ROLES_GIVE = (
    "All of them see the students, keep records and make photos. Form teachers also see guardians and cases."
)
WHAT_REMOVING_DOES = "Whoever is removed no longer sees the class."


def draw_teachers(person: Person, app: App, here: OpenClass) -> None:
    if not here.teachers:
        st.markdown(":orange[:material/person_alert: Nobody teaches this class, so admins alone see it.]")
    for teacher in here.teachers:
        with st.container(gap=None):
            _draw_teacher(person, app, here, teacher)
    st.caption(f"{WHAT_ROLES_GIVE} {WHAT_REMOVING_DOES}" if here.teachers else WHAT_ROLES_GIVE)


def _draw_teacher(person: Person, app: App, here: OpenClass, teacher: TeacherRow) -> None:
    gone = "" if teacher.active else " · :orange[:material/person_off: no active member any more]"
    st.markdown(f"{escape_label(teacher.full_name)} :small[:gray[· {ROLES[teacher.role]}]]{gone}")
    label, other = ("Make subject teacher", "subject") if teacher.role == "form" else ("Make form teacher", "form")
    classes, who = app.administration.classes, teacher.staff_id
    with st.container(horizontal=True, gap="small"):
        _act_button(label, f"role{who.hex}", lambda: classes.give_role(person, here.id, who, other))
        _act_button("Remove", f"out{who.hex}", lambda: classes.remove_teacher(person, here.id, who))


def _act_button(label: str, key: str, act: Callable[[], None]) -> None:
    st.button(f":small[{label}]", key=key, type="tertiary", on_click=do, args=(act,))


def draw_new_teachers(person: Person, app: App, here: OpenClass, form: Form) -> None:
    here_already = {one.staff_id for one in here.teachers}
    names = {
        one.staff_id: f"{one.full_name} · {one.email}" if one.email else one.full_name
        for one in app.administration.classes.colleagues(person)
        if one.staff_id not in here_already
    }
    several(form, "staff", "Who", names, "Type a part of a name")
    choice(form, "role", "Role", ROLES, "subject" if any(one.role == "form" for one in here.teachers) else "form")
    st.caption(WHAT_ROLES_GIVE)
    draw_outcome(form)
    buttons(form, "Add teachers", lambda: _add(person, app, here, form), lambda: close(Slot.DIALOG))


def _add(person: Person, app: App, here: OpenClass, form: Form) -> None:
    def act(_confirmed: bool) -> None:
        app.administration.classes.add_teachers(person, here.id, ids_in(form, "staff"), text_in(form, "role"))

    attempt(Slot.DIALOG, form, act)
