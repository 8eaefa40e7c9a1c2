"""Home's work in progress, and what makes the page look again."""

import streamlit as st

from core.accounts.person import Person
from core.photos.batches.service import ClassPhotos
from core.photos.board import WorkInProgress
from core.photos.service import Photos
from core.ui.links import class_photos_link, roster_link
from core.ui.poller import watch
from core.ui.text import escape_label
from core.ui.work_words import Work, works


def draw_work(person: Person, photos: Photos, class_photos: ClassPhotos) -> None:
    """A card for a class's photos, and one a class for single ones; the page is drawn anew when one changes.

    So its faces and costs follow, too.
    """
    pace = class_photos.pace(person)

    def read() -> tuple[tuple[Work, ...], list[WorkInProgress]]:
        return works(class_photos.active(person), pace, person.zone), photos.work_in_progress(person)

    st.subheader("Work in progress", anchor=False)
    for_classes, for_students = under_way = read()
    for work in for_classes:
        _draw_class_card(work)
    for single in for_students:
        _draw_card(single)
    if for_classes or for_students:
        is_at_rest = not for_students and all(work.is_at_rest for work in for_classes)
        watch(under_way, read, is_at_rest=is_at_rest)
    else:
        with st.container(border=True):
            st.markdown("Nothing is running.")


def _draw_class_card(work: Work) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f":material/photo_library: **{work.title}**")
        st.progress(work.share, text=" · ".join(part for part in (work.finished, work.left) if part))
        st.caption(f"{work.outlook[:1].upper()}{work.outlook[1:]}. You can close this page.")
        class_photos_link("Watch", icon="arrow_forward", class_id=work.class_id, batch_id=work.batch_id)


def _draw_card(work: WorkInProgress) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f":material/photo_library: **Portraits** · {counts_line(work)}")
        st.caption(f"{where(work)}They are made even when you close this page.")
        roster_link("Watch", icon="arrow_forward", class_id=work.class_id)


def where(work: WorkInProgress) -> str:
    return f"{escape_label(work.class_name)}. " if work.class_name else ""


def counts_line(work: WorkInProgress) -> str:
    """Such as "3 being made, 2 waiting"."""
    parts = [(work.making, "being made"), (work.waiting, "waiting")]
    return ", ".join(f"{count} {what}" for count, what in parts if count)
