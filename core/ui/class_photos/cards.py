"""The batch's students as the roster's cards: slot, name and footer each in a place of its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
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
MAKING = RESULT_LOOKS[JobState.CALLING].badge


@dataclass(frozen=True)
class Face:
    """What a card shows: a portrait, that one is being made, or a note; all words are safe inside a label."""

    student_id: UUID
    full_name: str
    photo_id: UUID | None
    is_being_made: bool
    note: str
    footer: str


def faces_of(batch: Batch, person: Person, now: datetime) -> tuple[Face, ...]:
    is_paused = batch.state is BatchState.PAUSED
    return tuple(
        Face(
            student_id=result.student_id,
            full_name=result.full_name,
            photo_id=result.photo_id,
            is_being_made=result.state in BEING_MADE,
            note=_note(result, "paused" if is_paused else turn_of(result, person, now)),
            footer=footer(result),
        )
        for result in batch.results
    )


def turn_of(result: Result, person: Person, now: datetime) -> str:
    if result.starts_at is None or result.starts_at <= now:
        return "next in line"
    return f"starts at {clock(result.starts_at, person.zone)}"


def _note(result: Result, turn: str) -> str:
    if result.state is JobState.DONE or result.state in BEING_MADE:
        return ""
    said = turn if result.state is JobState.QUEUED else escape_label(first_sentence(result.message))
    return noted(RESULT_LOOKS[result.state].badge, said)


def footer(result: Result) -> str:
    """Cost of all tries, and the time of the one that brought it."""
    if result.state in BEING_MADE:
        return MAKING
    cost = costs.footer(result)
    if result.state is JobState.DONE and result.took is not None:
        return f"{cost} · {duration(result.took)}"
    return cost


def draw_cards(photos: Photos, faces: Callable[[], Sequence[Face]]) -> None:
    """All on one page, since whoever watches wants to see the class fill; `faces` tells the latest, in one order."""
    grid = card_grid()
    for place in range(len(faces())):
        with card_box(grid):
            _draw_card(photos, faces, place)


def _draw_card(photos: Photos, faces: Callable[[], Sequence[Face]], place: int) -> None:
    """Two fragments; the name between them stays as it is."""
    first = faces()[place]
    slot_key, footer_key = keys_of([first])
    st.fragment(key=slot_key)(lambda: _draw_slot(faces()[place], photos))()
    st.markdown(f"**{escape_label(first.full_name)}**", text_alignment="center")
    st.fragment(key=footer_key)(lambda: _draw_footer(faces()[place]))()


def keys_of(faces: Iterable[Face]) -> list[str]:
    """Of the fragments that draw them."""
    return [f"{part}_{face.student_id.hex}" for face in faces for part in ("slot", "footer")]


def _draw_slot(face: Face, photos: Photos) -> None:
    with slot_box():
        if face.photo_id is not None:
            draw_portrait(face.photo_id, face.full_name, photos)
        elif face.is_being_made:
            st.skeleton(SLOT_PX, width=SLOT_PX)
        elif face.note:
            st.markdown(face.note, text_alignment="center")
        else:
            st.image(SILHOUETTE, width=SLOT_PX, alt="The photo was removed")


def _draw_footer(face: Face) -> None:
    with st.container(
        height=FOOTER_PX, border=False, horizontal_alignment="center", vertical_alignment="center", gap=None
    ):
        if face.is_being_made:
            st.markdown(face.footer, text_alignment="center")
        else:
            st.caption(face.footer, text_alignment="center")
