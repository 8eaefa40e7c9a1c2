"""Who will get a portrait, and who is left out and why."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from core.photos.batches.plan import LeftOut
from core.photos.board import Card
from core.photos.service import Photos
from core.ui.class_photos.chosen import Wish, box_key, tick, untick
from core.ui.formats import counted
from core.ui.home_classes import FACE_PX
from core.ui.links import student_link
from core.ui.photo_card import SILHOUETTE
from core.ui.photo_source import photo_source
from core.ui.photo_states import LOOKS, NOT_ALLOWED
from core.ui.text import escape_label

STUDENT_PX, A_ROW = 190, 3
WHY = {
    LeftOut.NOT_ALLOWED: "The school recorded that no portrait may be made.",
    LeftOut.UNDER_WAY: "A portrait is under way already.",
    LeftOut.UNCONFIRMED: "May have been charged. Decide about it on the roster first.",
}


def draw_students(wish: Wish, photos: Photos) -> None:
    """Nothing where nobody is; the box beside says why."""
    shown = wish.plan.students if wish.choosable is None else wish.choosable
    if not shown:
        return
    title = f"{counted(len(wish.plan.students), 'student')} will get a photo"
    if wish.choosable is None:
        st.subheader(title, anchor=False)
    else:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(title, anchor=False, width="content")
            _draw_all_or_none(wish.choosable)
    with st.container(border=True):
        grid = st.grid(A_ROW, min_column_width=STUDENT_PX, gap="small", vertical_alignment="center")
        for card in shown:
            with grid.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
                draw_face(card, photos)
                _draw_name(card, is_choice=wish.choosable is not None)


def draw_face(card: Card, photos: Photos) -> None:
    """The name stands beside it."""
    source = SILHOUETTE if card.photo_id is None else photo_source(card.photo_id, picture_of=photos.picture)
    st.image(source, width=FACE_PX, alt="")


def _draw_name(card: Card, *, is_choice: bool) -> None:
    name = escape_label(card.full_name)
    if is_choice:
        st.checkbox(name, key=box_key(card.student_id), persist_state="page", width="stretch", wrap=True)
    else:
        st.markdown(name)


def _draw_all_or_none(cards: Sequence[Card]) -> None:
    students = [card.student_id for card in cards]
    with st.container(horizontal=True, width="content", gap="small"):
        st.button("All", key="choose_all", type="tertiary", on_click=tick, args=(students,))
        st.button("None", key="choose_none", type="tertiary", on_click=untick, args=(students,))


def draw_left_out(left_out: Sequence[tuple[Card, LeftOut]], photos: Photos, class_id: UUID) -> None:
    if not left_out:
        return
    are = "is" if len(left_out) == 1 else "are"
    st.subheader(f"{counted(len(left_out), 'student')} {are} left out", anchor=False)
    with st.container(border=True):
        for card, why in left_out:
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
                draw_face(card, photos)
                _draw_reason(card, why, class_id)


def _draw_reason(card: Card, why: LeftOut, class_id: UUID) -> None:
    with st.container(width="stretch", gap=None):
        st.markdown(f"**{escape_label(card.full_name)}** {badge(card, why)}")
        st.caption(WHY[why])
    if why is LeftOut.UNCONFIRMED:
        student_link("Decide", icon="help", class_id=class_id, student_id=card.student_id)


def badge(card: Card, why: LeftOut) -> str:
    return NOT_ALLOWED.badge if why is LeftOut.NOT_ALLOWED else LOOKS[card.standing].badge
