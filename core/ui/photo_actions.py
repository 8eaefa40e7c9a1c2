"""What a click on the roster asks for; refusals are kept until the next click and shown where the person looks."""

import time
from collections.abc import Callable
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.errors import AppError
from core.photos.batches.service import ClassPhotos
from core.photos.prompt import Style
from core.photos.service import Photos
from core.ui.boundary import announce, show_uncaught
from core.ui.roster_address import STUDENT, go_to

_REFUSAL = "photo_refusal"
_ASKED = "photo_asked"
# "Cancel" comes up where "Generate photo" was: the second click of a double click must not hit it.
_DOUBLE_CLICK_S = 0.8


def open_student(student_id: UUID) -> None:
    st.session_state.pop(_REFUSAL, None)
    go_to(STUDENT, str(student_id))


def close_student() -> None:
    st.session_state.pop(_REFUSAL, None)
    go_to(STUDENT, "")


def ask(
    photos: Photos,
    person: Person,
    student_id: UUID,
    style: Style | None = None,
    retry_of: UUID | None = None,
    *,
    is_first: bool,
) -> None:
    st.session_state[_ASKED] = (student_id, time.monotonic())
    attempt(lambda: photos.request(person, student_id, style=style, retry_of=retry_of, is_first=is_first))


def cancel(photos: Photos, person: Person, student_id: UUID, job_id: UUID) -> None:
    asked_for, asked_at = st.session_state.get(_ASKED, (None, 0.0))
    if asked_for == student_id and time.monotonic() - asked_at < _DOUBLE_CLICK_S:
        return
    attempt(lambda: photos.cancel(person, job_id))


def leave(class_photos: ClassPhotos, person: Person, job_id: UUID) -> None:
    attempt(lambda: class_photos.leave(person, job_id))


def use(photos: Photos, person: Person, photo_id: UUID) -> None:
    attempt(lambda: photos.use(person, photo_id))


def remove(photos: Photos, person: Person, student_id: UUID) -> None:
    attempt(lambda: photos.remove(person, student_id))


def show_refusal() -> None:
    """In the drawer, beside the button that was clicked; the place for it is always there, so that nothing moves on."""
    error = st.session_state.get(_REFUSAL)
    with st.container():
        if error is not None:
            show_uncaught(error)


def announce_refusal() -> None:
    """Over the page wherever one has scrolled to, because a sentence above the cards would move them all."""
    error = st.session_state.pop(_REFUSAL, None)
    if error is not None:
        announce(error)


def attempt(act: Callable[[], object], *, refusal: str = _REFUSAL) -> None:
    st.session_state.pop(refusal, None)
    try:
        act()
    except AppError as error:
        # A callback runs before the page is drawn, so the page shows it when it comes to the place.
        st.session_state[refusal] = error
