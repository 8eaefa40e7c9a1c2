"""The buttons beside the title, and what a click on this page asks for."""

import time
from collections.abc import Callable, Sequence
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.errors import AppError, NobodyLeft
from core.photos.batches.batch import Batch, BatchState
from core.photos.batches.plan import Who
from core.photos.batches.service import ClassPhotos
from core.roster.views import ClassSummary
from core.ui.boundary import show_uncaught
from core.ui.class_photos.address import go_to_batch, go_to_class, leave_batch
from core.ui.class_photos.chosen import Wish, untick
from core.ui.class_photos.results_csv import draw_download
from core.ui.class_photos.spot import Spot
from core.ui.links import roster_link
from core.ui.photo_actions import attempt
from core.ui.roster_toolbar import draw_class_choice

CANCEL_HELP = "What is already being made finishes. The rest is not started and costs nothing."
_REFUSAL, _CLICKED = "class_photos_refusal", "class_photos_clicked"
# "Resume" comes up where "Pause" was: the second click of a double click must not hit it.
_DOUBLE_CLICK_S = 0.8


def draw_actions(person: Person, app: App, classes: Sequence[ClassSummary], spot: Spot) -> None:
    """The class stays last, so that no state moves it."""
    if spot.batch is not None and spot.batch.is_active:
        _draw_running(person, app.class_photos, spot.batch)
    elif spot.batch is not None:
        draw_download(person, spot.batch)
        roster_link("Open roster", icon="groups", class_id=spot.batch.class_id)
        st.button("New batch", icon=":material/add:", on_click=leave_batch, args=(spot.batch.class_id,))
    class_id = None if spot.here is None else spot.here.id
    draw_class_choice(classes, class_id, key="class_photos_class", on_change=go_to_class)


def draw_retry(person: Person, class_photos: ClassPhotos, batch: Batch) -> None:
    st.button(
        f"Retry failed ({len(batch.to_retry)})",
        key="class_photos_retry",
        icon=":material/refresh:",
        on_click=_retry,
        args=(person, class_photos, batch.id),
    )


def _draw_running(person: Person, class_photos: ClassPhotos, batch: Batch) -> None:
    if batch.state is BatchState.CANCELLED:
        return
    if batch.state is BatchState.PAUSED:
        # What failed stands below, among the decisions.
        _draw_click("Resume", "play_arrow", person, class_photos.resume, batch)
    else:
        if batch.to_retry:
            draw_retry(person, class_photos, batch)
        _draw_click("Pause", "pause", person, class_photos.pause, batch)
    _draw_click("Cancel batch", "close", person, class_photos.cancel, batch, explained=CANCEL_HELP)


def _draw_click(
    label: str,
    icon: str,
    person: Person,
    act: Callable[[Person, UUID], object],
    batch: Batch,
    *,
    explained: str | None = None,
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        help=explained,
        on_click=_once,
        args=(label, lambda: act(person, batch.id)),
    )


def start(person: Person, class_photos: ClassPhotos, class_id: UUID, wish: Wish) -> None:
    """And to the batch, which may be one that somebody started already; nobody stays ticked for the next."""
    students, only_without = wish.student_ids, wish.who is Who.WITHOUT

    def act() -> None:
        batch_id = class_photos.start(person, class_id, students, style=wish.style, only_without=only_without)
        untick(students)
        go_to_batch(batch_id)

    _attempt(act)


def generate_again(person: Person, class_photos: ClassPhotos, batch_id: UUID, student_id: UUID) -> None:
    _attempt(lambda: class_photos.generate_again(person, batch_id, student_id))


def leave(person: Person, class_photos: ClassPhotos, job_id: UUID) -> None:
    _attempt(lambda: class_photos.leave(person, job_id))


def show_refusal() -> None:
    """Until the page is drawn anew."""
    error = st.session_state.pop(_REFUSAL, None)
    if isinstance(error, AppError):
        show_uncaught(error)


def _retry(person: Person, class_photos: ClassPhotos, batch_id: UUID) -> None:
    def retry() -> None:
        if not class_photos.retry_failed(person, batch_id) and class_photos.batch(person, batch_id).to_retry:
            raise NobodyLeft

    _attempt(retry)


def _once(label: str, act: Callable[[], object]) -> None:
    clicked, at = st.session_state.get(_CLICKED, (label, 0.0))
    if clicked != label and time.monotonic() - at < _DOUBLE_CLICK_S:
        return
    st.session_state[_CLICKED] = (label, time.monotonic())
    _attempt(act)


def _attempt(act: Callable[[], object]) -> None:
    attempt(act, refusal=_REFUSAL)
