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
from core.ui.drawer_cited import draw_cited
from core.ui.drawer_earlier import draw_earlier
from core.ui.drawer_links import draw_links
from core.ui.drawer_meetings import draw_meetings, forget_refusal
from core.ui.drawer_portrait import draw_about, draw_slot
from core.ui.drawer_record_desk import close_form
from core.ui.drawer_record_mark import RECORD, Marked, marked_in_address
from core.ui.drawer_records import draw_details, draw_records
from core.ui.poller import redraw_fragment, watch
from core.ui.roster_address import go_to
from core.ui.text import escape_label

DRAWER_PX = 460
KEY = "student_drawer"


def open_drawer(person: Person, app: App, student_id: UUID, marked: Marked = None) -> None:
    """Opens it over the page; from then on it redraws itself and leaves the page alone until it is closed.

    The record `marked`, else the one that `record=` in the address names, stands first among its kind, as cited.
    """
    student = app.roster.student(person, student_id)
    dialog = st.dialog(escape_label(student.full_name), width=DRAWER_PX, position="right", on_dismiss=_close)
    dialog(_draw)(person, app, student, marked or marked_in_address())


def _close() -> None:
    photo_actions.close_student()
    go_to(RECORD, "")
    close_form()
    forget_refusal()


@st.fragment(key=KEY)
def _draw(person: Person, app: App, student: StudentDetails, marked: Marked) -> None:
    guarded(lambda: _draw_parts(person, app, student, marked))


def _draw_parts(person: Person, app: App, student: StudentDetails, marked: Marked) -> None:
    photos = app.photos.of_student(person, student.id)
    draw_cited(person, app, student.id, marked)
    with st.container(horizontal=True, gap="small"):
        draw_slot(app, student, photos)
        draw_about(person, student, photos)
    draw_actions(person, app, student, photos)
    photo_actions.show_refusal()
    draw_earlier(person, app, student, photos)
    draw_details(student)
    draw_links(student)
    # Meetings come and go, and the records below keep their place, with what is being typed in them.
    with st.container():
        draw_meetings(person, app, student.id)
    draw_records(person, app, student, marked)
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
