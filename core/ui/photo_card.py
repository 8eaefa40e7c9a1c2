"""One student's card: slot, name, footer, each in a place of its own so that no state moves another."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.accounts.person import Person
from core.photos.board import Card, Standing
from core.photos.service import Photos
from core.ui import photo_actions
from core.ui.formats import clock
from core.ui.photo_source import photo_source
from core.ui.photo_states import CHECK_NAME, LOOKS, NOT_ALLOWED, first_sentence
from core.ui.text import escape_label

SLOT_PX = 112
SILHOUETTE = "/app/static/silhouette.svg"


@dataclass(frozen=True)
class CardActions:
    """Whose clicks these are and who answers them."""

    person: Person
    photos: Photos


def draw_card(card: Card, actions: CardActions) -> None:
    """Four elements, because each costs time at every rerun."""
    with slot_box():
        _slot(card, actions)
    name = f"**{escape_label(card.full_name)}**"
    st.button(
        f"{name}  \n{CHECK_NAME.badge}" if card.name_to_check else name,
        key=f"n{card.student_id.hex}",
        type="tertiary",
        width="stretch",
        wrap=True,
        on_click=photo_actions.open_student,
        args=(card.student_id,),
    )
    _footer(card, actions)


def _slot(card: Card, actions: CardActions) -> None:
    if card.photo_id is not None:
        draw_portrait(card.photo_id, card.full_name, actions.photos)
    elif card.standing is Standing.NONE:
        st.image(SILHOUETTE, width=SLOT_PX, alt="No photo yet")
    elif card.standing is Standing.MAKING:
        st.skeleton(SLOT_PX, width=SLOT_PX)
    else:
        st.markdown(_state(card, actions.person), text_alignment="center")


def _state(card: Card, person: Person) -> str:
    badge = LOOKS[card.standing].badge
    notes = {
        Standing.WAITING: "class paused" if card.is_paused else _start(card.starts_at, person),
        Standing.NOT_MADE: escape_label(first_sentence(card.message)),
        Standing.UNCONFIRMED: "May have been charged",
    }
    return noted(badge, notes[card.standing])


def _start(starts_at: datetime | None, person: Person) -> str:
    if starts_at is None or starts_at <= datetime.now(UTC):
        return "starts soon"
    return f"starts at {clock(starts_at, person.zone)}"


def slot_box() -> DeltaGenerator:
    """As high as a portrait, whatever stands in it."""
    return st.container(
        height=SLOT_PX, border=False, horizontal_alignment="center", vertical_alignment="center", gap=None
    )


def draw_portrait(photo_id: UUID, full_name: str, photos: Photos) -> None:
    source = photo_source(photo_id, picture_of=photos.picture)
    st.image(source, width=SLOT_PX, alt=f"AI-generated portrait of {full_name}")


def noted(badge: str, note: str) -> str:
    """A state with a quiet line below."""
    return f"{badge}  \n:small[:gray[{note}]]"


def _footer(card: Card, actions: CardActions) -> None:
    """One button with one key through all states: the second click of a double click meets nothing else."""
    key = f"p{card.student_id.hex}"
    if not (card.portraits_allowed or card.is_active or card.standing is Standing.UNCONFIRMED):
        _open_button(NOT_ALLOWED.badge, key, card, is_quiet=True)
    elif card.standing is Standing.PHOTO:
        number = f"No. {card.index_no} · " if card.index_no is not None else ""
        _open_button(f":gray[{number}:material/auto_awesome: AI]", key, card, is_quiet=True)
    elif card.is_active and card.starts_at is None and not card.may_cancel:
        st.button(LOOKS[card.standing].badge, key=key, type="tertiary")
    elif card.photo_id is not None:
        _open_button(LOOKS[card.standing].badge, key, card, is_quiet=True)
    elif card.standing is Standing.UNCONFIRMED:
        _open_button("Decide", key, card)
    else:
        _ask_or_cancel(card, actions, key)


def _ask_or_cancel(card: Card, actions: CardActions, key: str) -> None:
    if card.standing is Standing.WAITING:
        job = (actions.photos, actions.person, card.student_id, card.job_id)
        st.button("Cancel", key=key, width="stretch", on_click=photo_actions.cancel, args=job)
    else:
        label = "Try again" if card.standing is Standing.NOT_MADE else "Generate photo"
        student = (actions.photos, actions.person, card.student_id)
        # Another tab's portrait may be there before this click is.
        ask = photo_actions.ask
        st.button(label, key=key, width="stretch", on_click=ask, args=student, kwargs={"is_first": True})


def _open_button(label: str, key: str, card: Card, *, is_quiet: bool = False) -> None:
    st.button(
        label,
        key=key,
        type="tertiary" if is_quiet else "secondary",
        width="content" if is_quiet else "stretch",
        on_click=photo_actions.open_student,
        args=(card.student_id,),
    )
