"""Where a student is: into another class, out of this one, away from the school and back."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.errors import RegisterRefused
from core.roster.register.entries import MOST_INDEX_NO
from core.roster.register.views import OpenClass, StudentRow
from core.ui.school_settings.classes_address import close_student
from core.ui.school_settings.classes_desk import Form, Slot, attempt, close, draw_outcome, opened, start
from core.ui.school_settings.classes_widgets import buttons, whole, whole_in
from core.ui.text import escape_label

_MOVE, _OUT, _LEAVE, _BACK = "Put into another class", "Take out of this class", "Has left the school", "Bring back"
LEAVING = (
    "They are in no class any more, and teachers no longer see them. Portraits, records and guardians stay, "
    "and you can bring them back."
)


def draw_place(person: Person, app: App, student: StudentRow, here: OpenClass | None) -> None:
    form = opened(Slot.PLACE)
    if form is None or form.of != student.id:
        _draw_choices(student, here)
    else:
        with st.container(border=True, gap="small"):
            _draw_form(person, app, student, here, form)


def _draw_choices(student: StudentRow, here: OpenClass | None) -> None:
    with st.container(horizontal=True, gap="small"):
        if student.has_left:
            _start_button(_BACK, "undo", student.id)
            return
        _start_button(_MOVE, "move_up", student.id)
        if here is not None and any(one.id == student.id for one in here.students):
            _start_button(_OUT, "person_remove", student.id)
        _start_button(_LEAVE, "logout", student.id)


def _start_button(what: str, icon: str, student_id: UUID) -> None:
    st.button(
        what,
        icon=f":material/{icon}:",
        key=f"place_{what}",
        on_click=start,
        args=(Slot.PLACE, what, student_id),
    )


def _draw_form(person: Person, app: App, student: StudentRow, here: OpenClass | None, form: Form) -> None:
    students, name = app.administration.students, escape_label(student.entry.full_name)
    if form.what == _LEAVE:
        st.markdown(f"{name} has left the school? {LEAVING}")
        _draw_end(form, "Has left the school", lambda: students.leave(person, student.id))
    elif form.what == _OUT and here is not None:
        st.markdown(f"{name} leaves {escape_label(here.entry.name)} and stays at the school.")
        _draw_end(form, "Take out", lambda: students.take_out(person, student.id, here.id))
    elif form.what == _BACK:
        _draw_class_choice(person, app, form, here.id if here else None)
        st.caption("The index number of before is kept, unless somebody else has it now.")
        _draw_end(form, "Bring back", lambda: students.come_back(person, student.id, _class_in(form)))
    else:
        _draw_class_choice(person, app, form, None)
        whole(form, "index_no", "Index number there, if there is one", None, 1, MOST_INDEX_NO)
        st.caption("A form class takes the place of the one before and gives its level; other classes are added.")
        _draw_end(form, "Put into the class", lambda: _move(person, app, student, form))


def _draw_end(form: Form, label: str, act: Callable[[], None]) -> None:
    draw_outcome(form)
    buttons(form, label, lambda: _do(form, act), lambda: close(Slot.PLACE), is_within=True)


def _draw_class_choice(person: Person, app: App, form: Form, chosen: UUID | None) -> None:
    names = {
        row.id: f"{row.entry.name} · {row.entry.school_year}"
        for row in app.administration.classes.all(person)
        if row.archived_at is None
    }
    st.selectbox(
        "Class",
        list(names),
        index=list(names).index(chosen) if chosen in names else None,
        format_func=names.__getitem__,
        placeholder="Choose a class",
        on_change="ignore",
        key=form.key("class"),
    )


def _class_in(form: Form) -> UUID:
    value = form.value("class")
    if not isinstance(value, UUID):
        raise RegisterRefused("No class is chosen. Choose one.")
    return value


def _move(person: Person, app: App, student: StudentRow, form: Form) -> None:
    into, index_no = _class_in(form), whole_in(form, "index_no")
    app.administration.students.put_into(person, [student.id], into, index_no=index_no)


def _do(form: Form, act: Callable[[], None]) -> None:
    """The drawer ends with it: the student stands elsewhere now."""
    if attempt(Slot.PLACE, form, lambda _: act()):
        close_student()
        close(Slot.STUDENT)
