"""Home's classes: who is in them, how many have a photo, and the way to the roster."""

from collections.abc import Callable, Sequence
from itertools import islice
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.roster.reads import FACES
from core.roster.views import ClassSummary
from core.ui.formats import level_name
from core.ui.links import class_photos_link, import_link, roster_link
from core.ui.photo_card import SILHOUETTE
from core.ui.photo_source import photo_source
from core.ui.text import escape_label

PictureOf = Callable[[UUID, bool], str | bytes]
FACE_PX = 36
A_PAGE = 12


def draw_classes(person: Person, classes: Sequence[ClassSummary], *, picture_of: PictureOf) -> None:
    """A card a class, two abreast; an admin sees the school's."""
    st.subheader("All classes" if person.is_admin else "My classes", anchor=False)
    if not classes:
        _draw_none()
        return
    first = _first_on_page(len(classes))
    grid = st.grid(min(2, len(classes)), min_column_width=270)
    for summary in islice(classes, first, first + A_PAGE):
        with grid.container(border=True, height="stretch", gap="small"):
            _draw_card(summary, picture_of)


def _draw_none() -> None:
    with st.container(border=True):
        st.markdown("No class yet. Import a class list to begin.")
        import_link()


def _first_on_page(count: int) -> int:
    if count <= A_PAGE:
        return 0
    return (st.pagination(-(-count // A_PAGE), key="classes_page") - 1) * A_PAGE


def _draw_card(summary: ClassSummary, picture_of: PictureOf) -> None:
    with st.container(gap=None):
        st.markdown(f"**{escape_label(summary.name)}**")
        st.caption(escape_label(role_line(summary)))
    _draw_faces(summary, picture_of)
    st.progress(share_with_photo(summary), text=counts_line(summary))
    with st.container(horizontal=True, gap="small"):
        roster_link("Open roster", icon="groups", class_id=summary.id)
        if summary.with_photo < summary.students:
            class_photos_link(add_label(summary), icon="photo_library", class_id=summary.id)


def _draw_faces(summary: ClassSummary, picture_of: PictureOf) -> None:
    """As many tiles as there will be faces, so that the first portraits move nothing."""
    tiles = min(FACES, summary.students)
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
        for photo_id in summary.faces:
            st.image(photo_source(photo_id, picture_of=picture_of), width=FACE_PX, alt="")
        for _ in range(tiles - len(summary.faces)):
            st.image(SILHOUETTE, width=FACE_PX, alt="")
        if summary.students > tiles:
            st.badge(f"+{summary.students - tiles}", color="gray")


def role_line(summary: ClassSummary) -> str:
    """Such as "Primary 5 · you are the form teacher"."""
    parts = [level_name(summary.level), _subject_or_role(summary)]
    return " · ".join(part for part in parts if part) or "Class"


def _subject_or_role(summary: ClassSummary) -> str | None:
    if summary.subject is not None:
        return summary.subject
    return {"form": "you are the form teacher", "subject": "you teach here"}.get(summary.my_role or "")


def counts_line(summary: ClassSummary) -> str:
    students = f"{summary.students} student{'' if summary.students == 1 else 's'}"
    if summary.students and summary.with_photo == summary.students:
        return f"{students} · all have a photo"
    has = "has" if summary.with_photo == 1 else "have"
    return f"{students} · {summary.with_photo or 'none'} {has} a photo" if summary.students else "No students yet"


def share_with_photo(summary: ClassSummary) -> float:
    return summary.with_photo / summary.students if summary.students else 0.0


def add_label(summary: ClassSummary) -> str:
    missing = summary.students - summary.with_photo
    return f"Add {missing} photo{'' if missing == 1 else 's'}"
