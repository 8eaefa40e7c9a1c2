"""Which class, which students and which view; the address bar is where the choices live."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import streamlit as st

from core.roster.views import ClassSummary
from core.ui.roster_address import CLASS, SEARCH, SHOW, STUDENT, VIEW, RosterAddress, View, go_to
from core.ui.roster_filter import Show

CLASS_PX, LONG_CLASS_PX, SEARCH_PX = 170, 260, 300
LONG_NAME = 18
VIEW_ICONS = {View.GRID: ":gray[:material/grid_view:]", View.TABLE: ":gray[:material/table_rows:]"}


def choose_class(key: str) -> None:
    go_to(STUDENT, "")
    go_to(CLASS, st.session_state[key] or "")


def draw_class_choice(
    classes: Sequence[ClassSummary],
    class_id: UUID | None,
    *,
    key: str = "roster_class",
    on_change: Callable[[str], None] = choose_class,
) -> None:
    names = {str(one.id): one.name for one in classes}
    follow(key, str(class_id) if str(class_id) in names else None)
    st.selectbox(
        "Class",
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=key,
        placeholder="Choose a class",
        required=True,
        label_visibility="collapsed",
        width=picker_px(classes),
        on_change=on_change,
        args=(key,),
    )


def picker_px(classes: Sequence[ClassSummary]) -> int:
    """Wide enough for the longest name, which would be cut."""
    return LONG_CLASS_PX if any(len(one.name) > LONG_NAME for one in classes) else CLASS_PX


def draw_choices(address: RosterAddress, counts: Mapping[Show, int]) -> None:
    follow("roster_view", address.view)
    st.segmented_control(
        "View",
        [View.GRID, View.TABLE],
        format_func=VIEW_ICONS.__getitem__,
        key="roster_view",
        required=True,
        label_visibility="collapsed",
        on_change=change,
        args=(VIEW, "roster_view", View.GRID),
    )
    follow("roster_search", address.search)
    st.text_input(
        "Search by name or number",
        key="roster_search",
        type="search",
        live="300ms",
        placeholder="Search by name or number",
        icon=":material/search:",
        label_visibility="collapsed",
        width=SEARCH_PX,
        on_change=change,
        args=(SEARCH, "roster_search", ""),
    )
    follow("roster_show", address.show)
    st.segmented_control(
        "Show",
        list(Show),
        format_func=lambda show: f":gray[{show.label} {counts[show]}]",
        key="roster_show",
        required=True,
        label_visibility="collapsed",
        on_change=change,
        args=(SHOW, "roster_show", Show.ALL),
    )


def follow(key: str, value: str | None) -> None:
    """Set the widget only when the address says something else, or it would undo what is being typed."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def change(part: str, key: str, usual: str) -> None:
    chosen = st.session_state[key]
    go_to(part, "" if chosen == usual else chosen)
