"""The drawer of one student: portrait, what can be done about it, and what is on record."""

from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.service import StudentPhotos
from core.roster.views import StudentDetails
from core.ui import photo_actions
from core.ui.boundary import guarded
from core.ui.drawer_actions import draw_actions
from core.ui.drawer_earlier import draw_earlier
from core.ui.drawer_portrait import draw_about, draw_slot
from core.ui.drawer_records import draw_details, draw_records
from core.ui.poller import redraw_fragment, watch
from core.ui.text import escape_label

DRAWER_PX = 460
KEY = "student_drawer"


def open_drawer(person: Person, app: App, student_id: UUID) -> None:
    """Opens it over the page; from then on it redraws itself and leaves the page alone until it is closed."""
    student = app.roster.student(person, student_id)
    dialog = st.dialog(
        escape_label(student.full_name), width=DRAWER_PX, position="right", on_dismiss=photo_actions.close_student
    )
    dialog(_draw)(person, app, student)


@st.fragment(key=KEY)
def _draw(person: Person, app: App, student: StudentDetails) -> None:
    guarded(lambda: _draw_parts(person, app, student))


def _draw_parts(person: Person, app: App, student: StudentDetails) -> None:
    photos = app.photos.of_student(person, student.id)
    with st.container(horizontal=True, gap="small"):
        draw_slot(app, student, photos)
        draw_about(person, student, photos)
    draw_actions(person, app, student, photos)
    photo_actions.show_refusal()
    draw_earlier(person, app, student, photos)
    draw_details(student)
    draw_records(app.roster.records(person, student.id), person.zone)
    if photos.job is not None and photos.job.is_active:
        watch(
            _work(photos),
            lambda: _work(app.photos.of_student(person, student.id)),
            redraw=_redraw,
            is_at_rest=photos.job.is_paused,
        )


def _work(photos: StudentPhotos) -> tuple[object, ...]:
    """What the work changes; the free slots change by themselves."""
    return photos.job, photos.versions


def _redraw() -> None:
    redraw_fragment(KEY)
