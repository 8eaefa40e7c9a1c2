"""The dialog over the section, with whichever form is open in it."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.views import OpenClass
from core.ui.boundary import guarded
from core.ui.school_settings.classes_archiving import draw_archiving
from core.ui.school_settings.classes_class_form import draw_class_correction, draw_new_class
from core.ui.school_settings.classes_desk import Form, Slot, close, opened
from core.ui.school_settings.classes_joining import draw_joining
from core.ui.school_settings.classes_new_student import draw_new_student
from core.ui.school_settings.classes_teachers import draw_new_teachers

ADD_CLASS, CORRECT_CLASS, ARCHIVE = "Add class", "Correct class", "Archive class"
ADD_TEACHERS, ADD_STUDENT, PUT_IN = "Add teachers", "Add student", "Move students here"

_OF_CLASS: Mapping[str, Callable[[Person, App, OpenClass, Form], None]] = {
    CORRECT_CLASS: draw_class_correction,
    ARCHIVE: draw_archiving,
    ADD_TEACHERS: draw_new_teachers,
    ADD_STUDENT: draw_new_student,
    PUT_IN: draw_joining,
}


def draw_dialog(person: Person, app: App, here: OpenClass | None = None) -> None:
    """While it is open it is opened anew by each run, since a click inside may need the whole page."""
    form = opened(Slot.DIALOG)
    if form is not None and form.of == (here.id if here else None):
        st.dialog(form.what, on_dismiss=lambda: close(Slot.DIALOG))(_draw)(person, app, here)


def _draw(person: Person, app: App, here: OpenClass | None) -> None:
    form = opened(Slot.DIALOG)
    if form is None:
        # Done by the click that brought this run, which is the dialog's alone.
        st.rerun()
    guarded(lambda: _draw_form(person, app, here, form))


def _draw_form(person: Person, app: App, here: OpenClass | None, form: Form) -> None:
    if here is None:
        draw_new_class(person, app, form)
    else:
        _OF_CLASS[form.what](person, app, here, form)
