"""The form of one record in the drawer, and its buttons."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.meetings.records import RecordKind
from core.roster.records.entries import Entry
from core.ui.boundary import show_uncaught
from core.ui.drawer_record_desk import RecordForm, close_form, go_to_twin, remove, save, twin_of
from core.ui.drawer_record_fields import Surroundings, draw_fields, entry_of

SAVE = ":material/check:"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A kind of a student's records; `add` is what its button is called, None where nothing may be added."""

    person: Person
    app: App
    student_id: UUID
    kind: RecordKind
    title: str
    add: str | None
    may_remove: bool = True
    sums: str | None = None

    @property
    def around(self) -> Surroundings:
        return Surroundings(
            self.app.records.now(self.person), lambda: self.app.records.names(self.person, self.student_id)
        )


def draw_form(section: Section, form: RecordForm) -> None:
    draw_fields(form, section.around)
    if form.error is not None:
        show_uncaught(form.error)


def draw_buttons(section: Section, form: RecordForm, key: str) -> None:
    """`key` is that of the button that opened the form."""

    def read(form: RecordForm) -> Entry:
        return entry_of(form, section.around)

    arguments = (section.person, section.app, form, read)
    # Of the type that it had before, for another one would be another button and have no focus.
    st.button(
        "**Save**",
        icon=SAVE,
        key=key,
        type="tertiary",
        shortcut="Ctrl+Enter",
        on_click=save,
        args=arguments,
    )
    twin = twin_of(form)
    if twin is not None:
        arguments_of_twin = (*arguments, twin)
        st.button(
            "Correct that one", key=form.key("twin"), type="tertiary", on_click=go_to_twin, args=arguments_of_twin
        )
    st.button("Cancel", key=form.key("cancel"), type="tertiary", on_click=close_form)
    if form.record is not None and section.may_remove:
        label = "Remove" if form.asked_to_remove_at is None else "Yes, remove it"
        removed = (section.person, section.app, form)
        st.button(label, key=form.key("remove"), type="tertiary", on_click=remove, args=removed)
