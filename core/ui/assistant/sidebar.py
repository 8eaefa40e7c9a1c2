"""The conversations in the sidebar: a new one, the search, and those of before, newest first."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.assistant.conversation import Conversation
from core.bootstrap import App
from core.ui.assistant.actions import NEW, begin_anew
from core.ui.assistant.address import open_conversation, read_address, tidy_address
from core.ui.assistant.words import period
from core.ui.boundary import guarded
from core.ui.text import escape_label

MOST = 40
MANY, TALL_PX = 8, 340
SEARCH = "assistant_search"


def draw_conversations(person: Person, app: App) -> None:
    tidy_address()
    st.button(
        "New conversation",
        key=NEW,
        icon=":material/edit_square:",
        shortcut="Alt+N",
        width="stretch",
        on_click=begin_anew,
    )
    _draw_found(person, app, read_address().conversation_id)


@st.fragment
def _draw_found(person: Person, app: App, open_id: UUID | None) -> None:
    """A fragment: what is typed into the search redraws nothing but the list."""
    guarded(lambda: _draw(person, app, open_id))


def _draw(person: Person, app: App, open_id: UUID | None) -> None:
    search = st.session_state.get(SEARCH) or ""
    found = app.assistant.conversations(person, search)
    if not found and not search:
        return
    st.text_input(
        "Search conversations",
        key=SEARCH,
        type="search",
        live="300ms",
        placeholder="Search conversations",
        icon=":material/search:",
        label_visibility="collapsed",
    )
    if not found:
        st.caption("No conversation has these words.")
    # What stands below, such as work in progress, stays in sight.
    with st.container(height=TALL_PX if len(found) > MANY else "content", border=False):
        _draw_list(person, found[:MOST], open_id)
        if len(found) > MOST:
            st.caption(f"and {len(found) - MOST} more; the search finds them.")


def _draw_list(person: Person, found: Sequence[Conversation], open_id: UUID | None) -> None:
    now = datetime.now(UTC)
    for name, under in groupby(found, lambda one: period(one.updated_at, person.zone, now)):
        with st.container(gap=None):
            st.caption(name)
            for one in under:
                _draw_button(one, is_open=one.id == open_id)


def _draw_button(one: Conversation, *, is_open: bool) -> None:
    title = escape_label(one.title)
    st.button(
        f"**{title}**" if is_open else title,
        key=f"chat_{one.id.hex}",
        type="tertiary",
        # Streamlit centres the lines of a label; cut off, the whole title is its tooltip.
        wrap=False,
        on_click=_open,
        args=(one.id,),
    )


def _open(conversation_id: UUID) -> None:
    open_conversation(conversation_id)
    st.rerun()
