"""What of the audit log is asked for: words, days, and behind "Filters" by whom and what."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

import streamlit as st

from core.accounts.audit_search import AuditSearch
from core.accounts.audit_words import WORDS, Topic, action_in_general
from core.ui.roster_address import go_to
from core.ui.roster_toolbar import change, follow
from core.ui.school_settings.audit_address import (
    ACTION,
    BY,
    TEXT,
    TOPIC,
    filtered_by,
    forget_choices,
    go_to_days,
)

SEARCH_PX, DAYS_PX = 300, 260
TOPICS = {
    Topic.RECORDS: "Records of students",
    Topic.STUDENTS: "Students and guardians",
    Topic.CLASSES: "Classes",
    Topic.PHOTOS: "Photos",
    Topic.PEOPLE: "People and sign-in",
    Topic.IMPORTS: "Imports",
    Topic.SETTINGS: "School settings",
}


def draw_audit_toolbar(search: AuditSearch, actors: Mapping[str, str], download: Callable[[], None]) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            _draw_search()
            _draw_days(search)
            _draw_filters(actors)
        download()


def _draw_search() -> None:
    follow("audit_search", st.query_params.get(TEXT, ""))
    st.text_input(
        "Search the audit log",
        key="audit_search",
        type="search",
        live="500ms",
        placeholder="Search by name or what was done",
        icon=":material/search:",
        label_visibility="collapsed",
        width=SEARCH_PX,
        on_change=change,
        args=(TEXT, "audit_search", ""),
    )


def _draw_days(search: AuditSearch) -> None:
    days: list[date | datetime | str | None] = [one for one in (search.first, search.last) if one]
    # A key per span: a link, a reload and Back show the days that the address names.
    key = f"audit_days_{search.first}_{search.last}"
    st.date_input(
        "First and last day",
        value=days,
        key=key,
        format="DD/MM/YYYY",
        label_visibility="collapsed",
        width=DAYS_PX,
        on_change=lambda: go_to_days(st.session_state[key]),
    )


def _draw_filters(actors: Mapping[str, str]) -> None:
    count = filtered_by()
    with st.popover(f"Filters ({count})" if count else "Filters", icon=":material/filter_list:", key="audit_filters"):
        _draw_filter(BY, "By whom", "Everybody", actors)
        _draw_filter(TOPIC, "About", "Everything", {topic.value: words for topic, words in TOPICS.items()})
        _draw_filter(ACTION, "What was done", "Anything", {action: action_in_general(action) for action in WORDS})
        if count:
            st.button("Clear filters", on_click=forget_choices, icon=":material/filter_list_off:", width="stretch")


def _draw_filter(name: str, label: str, everything: str, named: Mapping[str, str]) -> None:
    key = f"audit_{name}"
    asked = st.query_params.get(name)
    follow(key, asked if asked in named else None)
    st.selectbox(
        label,
        list(named),
        index=None,
        format_func=named.__getitem__,
        key=key,
        placeholder=everything,
        on_change=lambda: go_to(name, st.session_state[key] or ""),
    )
