"""The form of a class, for a new one and for one that is there."""

from datetime import date
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.records.fields import LONGEST_NAME
from core.roster.register.entries import EARLIEST_YEAR, LONGEST_FULL_NAME, YEARS_AHEAD, ClassEntry
from core.roster.register.levels import LEVELS
from core.roster.register.views import OpenClass
from core.ui.school_settings.classes_address import View, show
from core.ui.school_settings.classes_desk import Form, Slot, attempt, close, draw_outcome
from core.ui.school_settings.classes_widgets import (
    buttons,
    choice,
    line,
    needed_whole_in,
    offered,
    text_in,
    whole,
)
from core.ui.school_settings.classes_words import KINDS


def draw_new_class(person: Person, app: App, form: Form) -> None:
    today = app.administration.classes.today(person)
    _draw_fields(form, ClassEntry("", None, "form", None, today.year), today)
    draw_outcome(form)
    buttons(form, "Add class", lambda: _add(person, app, form), lambda: close(Slot.DIALOG))


def draw_class_correction(person: Person, app: App, here: OpenClass, form: Form) -> None:
    _draw_fields(form, here.entry, app.administration.classes.today(person))
    draw_outcome(form)
    buttons(form, "Save", lambda: _correct(person, app, here, form), lambda: close(Slot.DIALOG))


def _draw_fields(form: Form, entry: ClassEntry, today: date) -> None:
    line(form, "name", "Name", entry.name, LONGEST_FULL_NAME, "P5 Integrity")
    choice(form, "kind", "Kind", KINDS, entry.kind)
    line(form, "subject", "Subject, of a subject class", entry.subject, LONGEST_NAME)
    left, right = st.columns(2, gap="small")
    with left:
        offered(form, "level", "Level", LEVELS, entry.level)
    with right:
        whole(form, "year", "School year", entry.school_year, EARLIEST_YEAR, today.year + YEARS_AHEAD)


def _entry(form: Form) -> ClassEntry:
    return ClassEntry(
        name=text_in(form, "name"),
        level=text_in(form, "level") or None,
        kind=text_in(form, "kind"),
        subject=text_in(form, "subject") or None,
        school_year=needed_whole_in(form, "year", "The school year"),
    )


def _add(person: Person, app: App, form: Form) -> None:
    made: list[UUID] = []

    def act(confirmed: bool) -> None:
        made.append(app.administration.classes.add(person, _entry(form), confirmed=confirmed))

    if attempt(Slot.DIALOG, form, act):
        show(View.LIST, made[0])


def _correct(person: Person, app: App, here: OpenClass, form: Form) -> None:
    def act(confirmed: bool) -> None:
        app.administration.classes.correct(person, here.id, here.entry, _entry(form), confirmed=confirmed)

    attempt(Slot.DIALOG, form, act)
