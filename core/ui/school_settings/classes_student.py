"""The drawer of one student: who they are, who their guardians are, and where they are."""

from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.views import OpenClass, StudentRow
from core.ui.boundary import guarded
from core.ui.school_settings.classes_address import close_student, read_classes_address
from core.ui.school_settings.classes_desk import Slot, attempt, close, draw_outcome, opened_for
from core.ui.school_settings.classes_guardians import draw_guardians
from core.ui.school_settings.classes_place import draw_place
from core.ui.school_settings.classes_student_fields import draw_student_fields, student_in
from core.ui.school_settings.classes_widgets import buttons
from core.ui.text import escape_label

DRAWER_PX = 460
_DETAILS = "details"


def draw_student_drawer(person: Person, app: App, student_id: UUID, here: OpenClass | None) -> None:
    """Raises UnknownStudent; `here` is the class through which they were opened."""
    student = app.administration.students.one(person, student_id, None)
    title = escape_label(student.entry.full_name)
    dialog = st.dialog(title, width=DRAWER_PX, position="right", on_dismiss=put_away_student)
    dialog(_draw)(person, app, student_id, here)


def put_away_student() -> None:
    close_student()
    close(Slot.STUDENT)
    close(Slot.GUARDIAN)
    close(Slot.PLACE)


def _draw(person: Person, app: App, student_id: UUID, here: OpenClass | None) -> None:
    if read_classes_address().student_id != student_id:
        # Put elsewhere by the click that brought this run, which is the drawer's alone.
        st.rerun()
    guarded(lambda: _draw_parts(person, app, student_id, here))


def _draw_parts(person: Person, app: App, student_id: UUID, here: OpenClass | None) -> None:
    class_id = here.id if here and any(one.id == student_id for one in here.students) else None
    student = app.administration.students.one(person, student_id, class_id)
    if student.has_left:
        st.badge("Left the school", icon=":material/logout:", color="orange")
    _draw_details(person, app, student, class_id)
    st.markdown(f"**Guardians** :gray[{student.guardians or 'none yet'}]")
    draw_guardians(person, app, student)
    draw_place(person, app, student, here)


def _draw_details(person: Person, app: App, student: StudentRow, class_id: UUID | None) -> None:
    form = opened_for(Slot.STUDENT, _DETAILS, student.id)
    if student.name_to_check:
        st.caption("The name is only a user name that an import brought. Write the full one.")
    draw_student_fields(form, student.entry, in_class=class_id is not None)
    draw_outcome(form)

    def act(confirmed: bool) -> None:
        app.administration.students.correct(
            person, student.id, student.entry, student_in(form), class_id=class_id, confirmed=confirmed
        )

    buttons(form, "Save", lambda: attempt(Slot.STUDENT, form, act, done="Saved."))
