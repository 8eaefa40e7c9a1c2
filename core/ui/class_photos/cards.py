"""The batch's students as the roster's cards: slot, name and footer each in a place of its own."""

from collections.abc import Collection
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.photos.batches.batch import BEING_MADE, Batch, BatchState, Result
from core.photos.job import JobState
from core.photos.service import Photos
from core.ui.class_photos import costs
from core.ui.class_photos.words import RESULT_LOOKS, duration
from core.ui.formats import clock
from core.ui.photo_card import SILHOUETTE, SLOT_PX, draw_portrait, noted, slot_box
from core.ui.photo_states import first_sentence
from core.ui.roster_grid import card_box, card_grid
from core.ui.text import escape_label

FOOTER_PX = 40


def draw_cards(person: Person, photos: Photos, batch: Batch, *, due: Collection[UUID]) -> None:
    """All on one page: whoever watches wants to see the class fill."""
    grid = card_grid()
    is_paused = batch.state is BatchState.PAUSED
    for result in batch.results:
        with card_box(grid):
            turn = "paused" if is_paused else turn_of(result, person, is_due=result.student_id in due)
            _draw_card(result, photos, turn)


def turn_of(result: Result, person: Person, *, is_due: bool) -> str:
    if is_due or result.starts_at is None:
        return "next in line"
    return f"starts at {clock(result.starts_at, person.zone)}"


def _draw_card(result: Result, photos: Photos, turn: str) -> None:
    with slot_box():
        _draw_slot(result, photos, turn)
    st.markdown(f"**{escape_label(result.full_name)}**", text_alignment="center")
    with st.container(
        height=FOOTER_PX, border=False, horizontal_alignment="center", vertical_alignment="center", gap=None
    ):
        _draw_footer(result)


def _draw_slot(result: Result, photos: Photos, turn: str) -> None:
    if result.photo_id is not None:
        draw_portrait(result.photo_id, result.full_name, photos)
    elif result.state is JobState.DONE:
        st.image(SILHOUETTE, width=SLOT_PX, alt="The photo was removed")
    elif result.state in BEING_MADE:
        st.skeleton(SLOT_PX, width=SLOT_PX)
    else:
        note = turn if result.state is JobState.QUEUED else escape_label(first_sentence(result.message))
        st.markdown(noted(RESULT_LOOKS[result.state].badge, note), text_alignment="center")


def _draw_footer(result: Result) -> None:
    if result.state in BEING_MADE:
        st.markdown(RESULT_LOOKS[result.state].badge, text_alignment="center")
    else:
        st.caption(footer(result), text_alignment="center")


def footer(result: Result) -> str:
    """Cost and time; nothing while it waits."""
    if result.state is JobState.QUEUED:
        return "no cost yet"
    cost = costs.footer(result)
    if result.state is JobState.DONE and result.took is not None:
        return f"{cost} · {duration(result.took)}"
    return cost
