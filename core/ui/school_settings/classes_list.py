"""The school's classes of one year, or those that were put away."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.views import ClassRow
from core.ui.formats import counted, level_name
from core.ui.roster_toolbar import change, follow
from core.ui.school_settings.classes_address import ARCHIVED, FIND, YEAR, ClassesAddress, View, show
from core.ui.school_settings.classes_desk import Slot, start
from core.ui.school_settings.classes_forms import ADD_CLASS, draw_dialog
from core.ui.school_settings.classes_found import draw_found
from core.ui.school_settings.classes_words import class_line
from core.ui.text import escape_label

YEAR_PX, SEARCH_PX, CARD_PX = 210, 300, 290


def draw_list(person: Person, app: App, address: ClassesAddress) -> None:
    rows = app.administration.classes.all(person)
    draw_dialog(person, app)
    if not rows:
        _draw_none()
        return
    this_year = app.administration.classes.today(person).year
    groups = _groups(rows, this_year)
    chosen = address.year if address.year in groups else next(iter(groups))
    _draw_toolbar(groups, chosen, this_year)
    found = [row for row in groups[chosen] if _matches(row, address.find)]
    _draw_summary(len(groups[chosen]), len(app.administration.students.without_form_class(person)))
    students = draw_found(person, app, address.find)
    if not found and not students:
        st.info("No class has that name, subject or teacher, and no student that name or id.")
    for level, of_level in groupby(found, key=_heading):
        _draw_level(level, list(of_level))


def _draw_none() -> None:
    with st.container(border=True):
        st.markdown("No class yet. Add the first one here, or import a class list on the page Student roster.")
        _add_button()


def _groups(rows: Sequence[ClassRow], this_year: int) -> dict[str, list[ClassRow]]:
    """This year first, then later and earlier ones, and what was put away last; none is empty."""
    lasting = [row for row in rows if row.archived_at is None]
    years = sorted({row.entry.school_year for row in lasting}, key=lambda year: (year != this_year, -year))
    groups = {str(year): [row for row in lasting if row.entry.school_year == year] for year in years}
    archived = [row for row in rows if row.archived_at is not None]
    return groups | ({ARCHIVED: archived} if archived else {})


def _draw_toolbar(groups: dict[str, list[ClassRow]], chosen: str, this_year: int) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            _draw_choices(groups, chosen, this_year)
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            if chosen != ARCHIVED:
                _new_year_button()
            _add_button()


def _draw_choices(groups: dict[str, list[ClassRow]], chosen: str, this_year: int) -> None:
    follow("classes_year", chosen)
    st.selectbox(
        "School year",
        list(groups),
        format_func=lambda key: _year_name(key, len(groups[key]), this_year),
        key="classes_year",
        required=True,
        label_visibility="collapsed",
        width=YEAR_PX,
        on_change=change,
        args=(YEAR, "classes_year", next(iter(groups))),
    )
    follow("classes_find", st.query_params.get(FIND, ""))
    st.text_input(
        "Search by class, teacher or student",
        key="classes_find",
        type="search",
        live="300ms",
        placeholder="Search by class, teacher or student",
        icon=":material/search:",
        label_visibility="collapsed",
        width=SEARCH_PX,
        on_change=change,
        args=(FIND, "classes_find", ""),
    )


def _year_name(key: str, many: int, this_year: int) -> str:
    if key == ARCHIVED:
        return f"Archived ({many})"
    when = {this_year: ", this year", this_year + 1: ", next year"}.get(int(key), "")
    return f"{key}{when} ({many})"


def _draw_summary(many: int, without: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("1 class" if many == 1 else f"{many} classes", width="content")
        if without:
            st.button(
                f"{counted(without, 'student')} without a form class",
                icon=":material/person_search:",
                type="tertiary",
                key="classes_without",
                on_click=show,
                args=(View.WITHOUT,),
            )


def _matches(row: ClassRow, find: str) -> bool:
    wanted = find.casefold()
    texts = (row.entry.name, row.entry.subject or "", *row.teachers)
    return any(wanted in text.casefold() for text in texts)


def _heading(row: ClassRow) -> str:
    if row.entry.kind == "form":
        return level_name(row.entry.level) or "Without a level"
    return "Subject classes and CCAs"


def _draw_level(level: str, rows: Sequence[ClassRow]) -> None:
    with st.container(gap="xsmall"):
        st.markdown(f"**{escape_label(level)}**")
        grid = st.grid("auto", min_column_width=CARD_PX, gap="small")
        for row in rows:
            with grid.container(border=True, height="stretch", gap="xxsmall"):
                _draw_card(row)


def _draw_card(row: ClassRow) -> None:
    st.button(
        f"**{escape_label(row.entry.name)}**",
        key=f"class{row.id.hex}",
        type="tertiary",
        wrap=True,
        on_click=show,
        args=(View.LIST, row.id),
    )
    st.caption(class_line(row.entry, row.students))
    st.caption(escape_label(", ".join(row.teachers)) or ":orange[No teacher yet]")


def _add_button() -> None:
    st.button(
        "Add class",
        icon=":material/add:",
        type="primary",
        key="add_class",
        on_click=start,
        args=(Slot.DIALOG, ADD_CLASS),
    )


def _new_year_button() -> None:
    st.button(
        "New school year",
        icon=":material/event_upcoming:",
        key="classes_new_year",
        on_click=show,
        args=(View.NEW_YEAR,),
    )
