"""A student's guardians in the drawer, and the form that is open among them."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.entries import (
    LONGEST_EMAIL,
    LONGEST_FULL_NAME,
    LONGEST_PHONE,
    MOST_PRIORITY,
    GuardianEntry,
)
from core.roster.register.views import GuardianRow, StudentRow
from core.ui.school_settings.classes_desk import Form, Slot, attempt, close, draw_outcome, opened, start
from core.ui.school_settings.classes_widgets import (
    buttons,
    line,
    needed_whole_in,
    offered,
    text_in,
    whole,
)
from core.ui.text import escape_label

RELATIONSHIPS = ("mother", "father", "guardian", "grandmother", "grandfather", "aunt", "uncle")
LANGUAGES = ("English", "Chinese", "Malay", "Tamil")
_NEW, _CORRECT, _REMOVE = "new guardian", "correct guardian", "remove guardian"


def draw_guardians(person: Person, app: App, student: StudentRow) -> None:
    rows = app.administration.guardians.of_student(person, student.id)
    form = opened(Slot.GUARDIAN)
    for row in rows:
        with st.container(border=True, gap="xsmall"):
            _draw_guardian(person, app, student, row, form if form is not None and form.of == row.id else None)
    if form is not None and (form.what, form.of) == (_NEW, student.id):
        with st.container(border=True, gap="small"):
            _draw_new(person, app, student, form, len(rows) + 1)
    else:
        _start_button("Add guardian", "person_add", _NEW, student.id)


def _draw_guardian(person: Person, app: App, student: StudentRow, row: GuardianRow, form: Form | None) -> None:
    if form is not None and form.what == _CORRECT:
        _draw_correction(person, app, student, row, form)
        return
    entry = row.entry
    reach = " · ".join(part for part in (entry.phone, entry.email, entry.language) if part)
    st.markdown(f"**{escape_label(entry.full_name)}** :gray[{escape_label(f'({entry.relationship})')}]")
    st.caption(escape_label(reach) or "No way to reach them is on record.")
    if form is not None:
        _draw_removal(person, app, student, row, form)
        return
    with st.container(horizontal=True, gap="small"):
        _start_button("Correct", "edit", _CORRECT, row.id)
        _start_button("Remove", "person_remove", _REMOVE, row.id)


def _start_button(label: str, icon: str, what: str, of: UUID) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"{what}{of.hex}",
        type="tertiary",
        on_click=start,
        args=(Slot.GUARDIAN, what, of),
    )


def _draw_fields(form: Form, entry: GuardianEntry) -> None:
    line(form, "full_name", "Name", entry.full_name, LONGEST_FULL_NAME)
    offered(form, "relationship", "Relationship", RELATIONSHIPS, entry.relationship or None)
    line(form, "phone", "Phone", entry.phone, LONGEST_PHONE)
    line(form, "email", "E-mail", entry.email, LONGEST_EMAIL)
    left, right = st.columns(2, gap="small")
    with left:
        offered(form, "language", "Language", LANGUAGES, entry.language)
    with right:
        whole(form, "priority", "Order, 1 is asked first", entry.priority, 1, MOST_PRIORITY)


def _entry(form: Form) -> GuardianEntry:
    return GuardianEntry(
        full_name=text_in(form, "full_name"),
        relationship=text_in(form, "relationship"),
        email=text_in(form, "email") or None,
        phone=text_in(form, "phone") or None,
        language=text_in(form, "language") or None,
        priority=needed_whole_in(form, "priority", "The place in the order"),
    )


def _draw_new(person: Person, app: App, student: StudentRow, form: Form, priority: int) -> None:
    _draw_fields(form, GuardianEntry("", "", priority=min(priority, MOST_PRIORITY)))

    def act(confirmed: bool) -> None:
        app.administration.guardians.add(person, student.id, _entry(form), confirmed=confirmed)

    _draw_buttons(form, "Add guardian", act)


def _draw_correction(person: Person, app: App, student: StudentRow, row: GuardianRow, form: Form) -> None:
    if row.also_of:
        st.caption(escape_label(f"Also a guardian of {', '.join(row.also_of)}: name and contacts change there, too."))
    _draw_fields(form, row.entry)

    def act(_confirmed: bool) -> None:
        app.administration.guardians.correct(person, student.id, row.id, row.entry, _entry(form))

    _draw_buttons(form, "Save", act)


def _draw_removal(person: Person, app: App, student: StudentRow, row: GuardianRow, form: Form) -> None:
    stays = f"They stay a guardian of {', '.join(row.also_of)}." if row.also_of else "Their contacts are deleted."
    st.markdown(escape_label(f"Remove {row.entry.full_name} as a guardian of {student.entry.full_name}? {stays}"))

    def act(_confirmed: bool) -> None:
        app.administration.guardians.remove(person, student.id, row.id, row.entry)

    _draw_buttons(form, "Remove guardian", act)


def _draw_buttons(form: Form, label: str, act: Callable[[bool], None]) -> None:
    draw_outcome(form)
    buttons(form, label, lambda: attempt(Slot.GUARDIAN, form, act), lambda: close(Slot.GUARDIAN), is_within=True)
