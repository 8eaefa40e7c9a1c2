"""Students of the school who are in no form class, so that each of them finds one."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.views import Schoolmate
from core.ui.boundary import guarded
from core.ui.formats import level_name
from core.ui.school_settings.classes_address import ClassesAddress, open_student
from core.ui.school_settings.classes_class import STUDENT_PX, draw_way_back
from core.ui.school_settings.classes_student import draw_student_drawer
from core.ui.text import escape_label


def draw_without(person: Person, app: App, address: ClassesAddress) -> None:
    draw_way_back()
    st.subheader("Students without a form class", anchor=False)
    waiting = app.administration.students.without_form_class(person)
    if address.student_id is not None:
        student_id = address.student_id
        guarded(lambda: draw_student_drawer(person, app, student_id, None))
    if not waiting:
        st.info("Everybody is in a form class.")
        return
    st.caption("No form teacher sees them. Open one to put them into a class, or to say that they have left.")
    grid = st.grid(3, min_column_width=STUDENT_PX, gap="small")
    for one in waiting:
        with grid.container(gap=None):
            _draw_row(one)


def _draw_row(one: Schoolmate) -> None:
    st.button(
        f"**{escape_label(one.full_name)}**",
        key=f"student{one.id.hex}",
        type="tertiary",
        wrap=True,
        on_click=open_student,
        args=(one.id,),
    )
    st.caption(escape_label(level_name(one.level) or "no level"))
