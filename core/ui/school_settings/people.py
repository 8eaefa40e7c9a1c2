"""The section "People": who works at the school and may sign in, as a list with a drawer for each."""

from collections.abc import Sequence

import streamlit as st

from core.accounts.member import Member
from core.accounts.person import Person
from core.bootstrap import App
from core.ui.boundary import guarded
from core.ui.roster_toolbar import change, follow
from core.ui.school_settings.people_add import begin_adding, draw_adding
from core.ui.school_settings.people_address import SEARCH, SHOW, PeopleAddress, Show, found, read_people_address
from core.ui.school_settings.people_drawer import open_member_drawer
from core.ui.school_settings.people_table import draw_people_table
from core.ui.school_settings.people_words import NO_SIGN_IN, ways_in

SEARCH_PX = 300


def draw_people(person: Person, app: App) -> None:
    members = app.administration.members.all(person)
    address = read_people_address()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _draw_choices(members, address)
        st.button("Add member", icon=":material/person_add:", type="primary", on_click=begin_adding)
    st.caption(NO_SIGN_IN if person.is_demo else ways_in(app.sign_in))
    draw_adding(person, app)
    member_id = address.member_id
    if member_id is not None:
        guarded(lambda: open_member_drawer(person, app, member_id))
    listed = found(members, address)
    if listed:
        draw_people_table(listed, person.zone, has_sign_in=not person.is_demo)
    else:
        st.info(_nobody(address))


def _draw_choices(members: Sequence[Member], address: PeopleAddress) -> None:
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        follow("people_show", address.show)
        st.segmented_control(
            "Show",
            list(Show),
            format_func=lambda show: f":gray[{show.label} {sum(map(show.holds, members))}]",
            key="people_show",
            required=True,
            label_visibility="collapsed",
            on_change=change,
            args=(SHOW, "people_show", Show.ACTIVE),
        )
        follow("people_search", st.query_params.get(SEARCH, ""))
        st.text_input(
            "Search by name, e-mail or class",
            key="people_search",
            type="search",
            live="300ms",
            placeholder="Search by name, e-mail or class",
            icon=":material/search:",
            label_visibility="collapsed",
            width=SEARCH_PX,
            on_change=change,
            args=(SEARCH, "people_search", ""),
        )


def _nobody(address: PeopleAddress) -> str:
    if address.search:
        return "Nobody here has that name, e-mail or class."
    return "Nobody has left." if address.show is Show.LEFT else "Nobody is here yet."
