"""Who was on show when a filter was chosen stays there: a card that leaves would move the others under the pointer."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from core.photos.board import Card
from core.ui.roster_address import SHOW, RosterAddress
from core.ui.roster_filter import Show, shown

_KEY = "roster_kept"


def shown_and_kept(cards: Sequence[Card], address: RosterAddress, class_id: UUID) -> list[Card]:
    """What matches now or did when class, search and filter were chosen, in register order."""
    found = shown(cards, address.show, address.search)
    if address.show is Show.ALL:
        return found
    choice = (class_id, address.search, address.show)
    chosen, kept = st.session_state.get(_KEY, (None, frozenset()))
    ids = {card.student_id for card in found} | (kept if chosen == choice else frozenset())
    st.session_state[_KEY] = (choice, ids)
    return [card for card in cards if card.student_id in ids]


def let_go_what_was_kept() -> None:
    """On every page's run: without a filter in the address nobody is kept."""
    if SHOW not in st.query_params:
        st.session_state.pop(_KEY, None)
