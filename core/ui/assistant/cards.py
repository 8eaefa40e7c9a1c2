"""The students that an answer is about, beside it and before its first word."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.assistant.message import Subject
from core.assistant.whom import About
from core.bootstrap import App
from core.meetings.choice import Show, Sort, counts, shown
from core.meetings.readiness import Readiness
from core.meetings.service import today_of
from core.photos.service import Photos
from core.ui import photo_actions
from core.ui.assistant.cards_rules import draw_rules
from core.ui.assistant.cards_words import earlier_line, figures, points, tags
from core.ui.assistant.screens import is_phone
from core.ui.boundary import guarded
from core.ui.photo_card import SILHOUETTE
from core.ui.photo_source import photo_source
from core.ui.text import escape_label

FACE_PX, SORT_PX, CARDS_PX = 52, 190, 560
FEW = 3
SHOWS = {
    Show.TO_DISCUSS: "Something to discuss",
    Show.OPEN_CASE: "Open case",
    Show.NO_DATA: "No data",
    Show.ALL: "All",
}
SORTS = {
    Sort.REGISTER: "Register order",
    Sort.ATTENDANCE: "Attendance",
    Sort.RESULTS: "Change in results",
    Sort.CONCERNS: "Concerns noted",
}


@st.fragment(key="assistant_cards")
def draw_cards(person: Person, app: App, subject: Subject, *, earlier_question: str | None = None) -> None:
    """Redraws itself alone when a filter or the order is chosen; "Open" puts `student` into the address.

    `earlier_question` is what they stand beside where another question, about nobody, was asked since.
    """
    guarded(lambda: _draw(person, app, subject, earlier_question))


def _draw(person: Person, app: App, subject: Subject, earlier_question: str | None) -> None:
    is_class = subject.kind is About.CLASS
    st.subheader(f"Students of {escape_label(subject.name)}" if is_class else "On record", anchor=False)
    if earlier_question is not None:
        st.caption(earlier_line(earlier_question))
    if is_class:
        _draw_class(person, app, subject)
    else:
        student = app.meetings.of_student(person, subject.id)
        _draw_card(student, person, app.photos, Sort.REGISTER)
        draw_rules()


def _draw_class(person: Person, app: App, subject: Subject) -> None:
    students = app.meetings.of_class(person, subject.id)
    if not students:
        st.caption("No student is in this class yet.")
        return
    show = _filter(subject.id, counts(students))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        sort = _order(subject.id)
        draw_rules()
    _draw_all(shown(students, show, sort), person, app.photos, sort)


def _filter(class_id: UUID, how_many: Mapping[Show, int]) -> Show:
    """Only what somebody belongs to, and always everybody; a choice that came to nothing is given up."""
    there = [show for show in SHOWS if how_many[show] or show is Show.ALL]
    key = f"cards_show_{class_id.hex}"
    if st.session_state.get(key) not in there:
        st.session_state[key] = there[0] if Show.TO_DISCUSS in there else Show.ALL
    chosen = st.pills(
        "Show",
        there,
        format_func=lambda show: f":gray[{SHOWS[show]} {how_many[show]}]",
        key=key,
        required=True,
        label_visibility="collapsed",
        wrap=True,
        persist_state="session",
    )
    return chosen or Show.ALL


def _order(class_id: UUID) -> Sort:
    return st.selectbox(
        "Sort by",
        list(SORTS),
        format_func=SORTS.__getitem__,
        key=f"cards_sort_{class_id.hex}",
        icon=":material/sort:",
        required=True,
        label_visibility="collapsed",
        width=SORT_PX,
        persist_state="session",
    )


def _draw_all(students: Sequence[Readiness], person: Person, photos: Photos, sort: Sort) -> None:
    """A list of its own beside the answer; on a phone, where it follows the answer, it scrolls with the page."""
    is_short = len(students) <= FEW or is_phone()
    with st.container(height="content" if is_short else CARDS_PX, border=False, autoscroll=False):
        for one in students:
            _draw_card(one, person, photos, sort)


def _draw_card(one: Readiness, person: Person, photos: Photos, sort: Sort) -> None:
    """Five elements, because each costs time whenever the filter changes."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            _draw_face(one, photos)
            st.markdown(f"**{escape_label(one.full_name)}**  \n:small[:gray[{figures(one, sort)}]]")
        st.markdown(points(one, today_of(person)))
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            st.markdown(tags(one), width="stretch")
            st.button(
                "Open",
                key=f"card_{one.student_id.hex}",
                type="tertiary",
                icon=":material/open_in_new:",
                on_click=_open,
                args=(one.student_id,),
            )


def _draw_face(one: Readiness, photos: Photos) -> None:
    if one.photo_id is None:
        st.image(SILHOUETTE, width=FACE_PX, alt="No photo yet")
    else:
        source = photo_source(one.photo_id, picture_of=photos.picture)
        st.image(source, width=FACE_PX, alt=f"AI-generated portrait of {one.full_name}")


def _open(student_id: UUID) -> None:
    """The drawer is the page's, so the whole of it runs."""
    photo_actions.open_student(student_id)
    st.rerun()
