"""Students whom a search among the classes finds."""

from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.views import FoundStudent
from core.ui.school_settings.classes_address import View, open_student, show
from core.ui.text import escape_label

SHORTEST_FIND, MOST_FOUND, FOUND_PX = 2, 6, 290


def draw_found(person: Person, app: App, find: str) -> bool:
    """Whether the search found any; a letter alone finds too many."""
    if len(find) < SHORTEST_FIND:
        return False
    found = app.administration.students.found(person, find, at_most=MOST_FOUND + 1)
    if found:
        st.markdown("**Students**")
        grid = st.grid(3, min_column_width=FOUND_PX, gap="small")
        for one in found[:MOST_FOUND]:
            with grid.container(gap=None):
                _draw_student(one)
    if len(found) > MOST_FOUND:
        st.caption(f"The first {MOST_FOUND} of them. Write more of the name.")
    return bool(found)


def _draw_student(one: FoundStudent) -> None:
    view, class_id = (View.LIST, one.class_id) if one.class_id else (View.WITHOUT, None)
    st.button(
        f"**{escape_label(one.full_name)}**",
        key=f"found{one.id.hex}",
        type="tertiary",
        wrap=True,
        on_click=_open,
        args=(view, class_id, one.id),
    )
    where = escape_label(one.class_name or "no class")
    if one.status == "left":
        where = (
            f":material/logout: left the school, from {where}"
            if one.class_name
            else ":material/logout: left the school"
        )
    elif one.class_name and not one.is_there:
        where = f"in no class now, before in {where}"
    st.caption(where)


def _open(view: View, class_id: UUID | None, student_id: UUID) -> None:
    show(view, class_id)
    open_student(student_id)
