"""The section "Budgets": what the school, a class or a person may spend in a month, and how much of it is used."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.roster_toolbar import change, follow
from core.ui.school_settings.budgets_address import SEARCH, SHOW, BudgetsAddress, Show, found, read_budgets_address
from core.ui.school_settings.budgets_cards import draw_cards
from core.ui.school_settings.budgets_desk import begin, draw_done
from core.ui.school_settings.budgets_dialog import NEW, draw_dialog
from core.usage.budget import Kept

SEARCH_PX = 260
WHAT_COUNTS = (
    "What counts is what this month has cost by the school's time, also what may have been charged, and what calls "
    "under way hold. A call counts to the school, to the class that it is for and to the person who asked."
)


def draw_budgets(person: Person, app: App) -> None:
    keeping, now = app.administration.budgets, datetime.now(UTC)
    kept = keeping.all(person, now)
    address = read_budgets_address()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _draw_choices(kept, address)
        st.button(NEW, icon=":material/add:", type="primary", key="budgets_new", on_click=begin)
    st.caption(WHAT_COUNTS)
    draw_dialog(person, app)
    draw_done()
    listed = found(kept, address)
    if listed:
        draw_cards(listed, person.zone, lambda page: keeping.foreseen(person, page, now))
    else:
        st.info(_none(kept, address))


def _draw_choices(kept: Sequence[Kept], address: BudgetsAddress) -> None:
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        follow("budgets_show", address.show)
        st.segmented_control(
            "Show",
            list(Show),
            format_func=lambda show: f":gray[{show.label} {sum(map(show.holds, kept))}]",
            key="budgets_show",
            required=True,
            label_visibility="collapsed",
            on_change=change,
            args=(SHOW, "budgets_show", Show.ALL),
        )
        follow("budgets_search", st.query_params.get(SEARCH, ""))
        st.text_input(
            "Search by name",
            key="budgets_search",
            type="search",
            live="300ms",
            placeholder="Search by name",
            icon=":material/search:",
            label_visibility="collapsed",
            width=SEARCH_PX,
            on_change=change,
            args=(SEARCH, "budgets_search", ""),
        )


def _none(kept: Sequence[Kept], address: BudgetsAddress) -> str:
    if not kept:
        return "No budget is set. Nothing is refused, and nobody is warned."
    if address.show is Show.NEARLY and not address.search:
        return "No budget is used up to 80 %."
    return "No budget is set for a name like this."
