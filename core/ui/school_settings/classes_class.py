"""One class: what it is, who is in it and who teaches it."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.views import OpenClass, StudentRow
from core.ui.boundary import guarded
from core.ui.formats import level_name
from core.ui.links import class_photos_link, roster_link
from core.ui.school_settings.classes_address import ClassesAddress, View, open_student, show
from core.ui.school_settings.classes_desk import Slot, do, draw_refusal, start
from core.ui.school_settings.classes_forms import (
    ADD_STUDENT,
    ADD_TEACHERS,
    ARCHIVE,
    CORRECT_CLASS,
    PUT_IN,
    draw_dialog,
)
from core.ui.school_settings.classes_student import draw_student_drawer
from core.ui.school_settings.classes_teachers import draw_teachers
from core.ui.school_settings.classes_words import KINDS, WHAT_ARCHIVING_DOES, name_line, named, student_line
from core.ui.text import escape_label

STUDENT_PX = 270


def draw_class(person: Person, app: App, address: ClassesAddress, class_id: UUID) -> None:
    here = app.administration.classes.open(person, class_id)
    draw_way_back()
    _draw_head(person, app, here)
    draw_refusal()
    draw_dialog(person, app, here)
    student_id = address.student_id
    if student_id is not None:
        guarded(lambda: draw_student_drawer(person, app, student_id, here))
    students, teachers = st.columns([1.9, 1], gap="medium")
    with students:
        _draw_students(here)
    with teachers, st.container(border=True, gap="small"):
        _draw_heading("Teachers", len(here.teachers), [("Add", "person_add", ADD_TEACHERS)], here)
        draw_teachers(person, app, here)


def draw_way_back() -> None:
    st.button(
        "All classes",
        icon=":material/arrow_back:",
        type="tertiary",
        key="classes_back",
        on_click=show,
        args=(View.LIST,),
    )


def _draw_head(person: Person, app: App, here: OpenClass) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width=420, gap="xxsmall"):
            st.subheader(escape_label(here.entry.name), anchor=False)
            _draw_badges(here)
        with st.container(horizontal=True, width="content"):
            _draw_actions(person, app, here)
    st.caption(_about(here))


def _draw_badges(here: OpenClass) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(KINDS[here.entry.kind], icon=":material/school:", color="gray")
        st.badge(str(here.entry.school_year), icon=":material/calendar_month:", color="gray")
        if here.archived_at is not None:
            st.badge("Archived", icon=":material/inventory_2:", color="orange")
        if here.makes_photos:
            st.badge("Photos are being made", icon=":material/photo_library:", color="blue")


def _draw_actions(person: Person, app: App, here: OpenClass) -> None:
    _start_button("Correct class", "edit", CORRECT_CLASS, here)
    if here.archived_at is not None:
        st.button(
            "Bring back",
            icon=":material/unarchive:",
            key="classes_bring_back",
            on_click=do,
            args=(lambda: app.administration.classes.bring_back(person, here.id),),
        )
        return
    if here.continued_by is None:
        st.button(
            "New school year",
            icon=":material/event_upcoming:",
            key="classes_continue",
            on_click=show,
            args=(View.NEW_YEAR, here.id),
        )
    _start_button("Archive class", "archive", ARCHIVE, here)


def _about(here: OpenClass) -> str:
    entry = here.entry
    if here.archived_at is not None:
        return WHAT_ARCHIVING_DOES
    parts = [
        escape_label(level_name(entry.level) or ""),
        escape_label(entry.subject or ""),
        f"continues {named(here.continues)}" if here.continues else "",
        f"goes on as {named(here.continued_by)}" if here.continued_by else "",
    ]
    return " · ".join(part for part in parts if part)


def _draw_heading(title: str, many: int, adds: Sequence[tuple[str, str, str]], here: OpenClass) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{title}** :gray[{many}]", width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            for label, icon, what in adds:
                _start_button(label, icon, what, here)


def _start_button(label: str, icon: str, what: str, here: OpenClass) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"classes_start_{what}",
        type="primary" if what == ADD_STUDENT else "secondary",
        on_click=start,
        args=(Slot.DIALOG, what, here.id),
    )


def _draw_students(here: OpenClass) -> None:
    may_come = here.archived_at is None
    adds = [(PUT_IN, "group_add", PUT_IN), (ADD_STUDENT, "person_add", ADD_STUDENT)] if may_come else []
    _draw_heading("Students", len(here.students), adds, here)
    if not here.students:
        st.info("No student is in this class yet. Add them here, or import the class list on the page Student roster.")
    _draw_rows(here.students, here.entry.level)
    if here.left:
        with st.expander(f"Left the school ({len(here.left)})", icon=":material/logout:"):
            _draw_rows(here.left, here.entry.level)
    if may_come:
        with st.container(horizontal=True, gap="small"):
            roster_link("Open roster", icon="groups", class_id=here.id)
            class_photos_link("Class photos", icon="photo_library", class_id=here.id)


def _draw_rows(students: Sequence[StudentRow], level: str | None) -> None:
    """In the register's order, two abreast where there is room; the name opens the drawer."""
    grid = st.grid(2, min_column_width=STUDENT_PX, gap="small")
    for student in students:
        with grid.container(gap=None):
            st.button(
                name_line(student),
                key=f"student{student.id.hex}",
                type="tertiary",
                wrap=True,
                on_click=open_student,
                args=(student.id,),
            )
            st.caption(student_line(student, level))
