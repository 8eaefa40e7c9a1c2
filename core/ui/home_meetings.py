"""Home's meetings of today: who comes when, how ready one is, and the way to prepare."""

from collections.abc import Sequence

import streamlit as st

from core.accounts.person import Person
from core.meetings.agenda import PlannedMeeting, Prepared
from core.photos.service import Photos
from core.ui.formats import counted, hour_and_minute
from core.ui.links import prepare_button
from core.ui.photo_card import SILHOUETTE
from core.ui.photo_source import photo_source
from core.ui.text import escape_label

TIME_PX, FACE_PX = 46, 44


def draw_meetings(person: Person, meetings: Sequence[PlannedMeeting], photos: Photos) -> None:
    """A row each, in the order of the day."""
    st.subheader("Today's parent–teacher meetings", anchor=False)
    with st.container(border=True):
        if not meetings:
            st.markdown("No meetings today.")
        for meeting in meetings:
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
                _draw_row(person, meeting, photos)


def _draw_row(person: Person, meeting: PlannedMeeting, photos: Photos) -> None:
    student = meeting.student
    st.markdown(f"**{hour_and_minute(meeting.starts_at, person.zone)}**", width=TIME_PX)
    source = photo_source(student.photo_id, picture_of=photos.picture) if student.photo_id else SILHOUETTE
    # The name stands beside it.
    st.image(source, width=FACE_PX, alt="")
    st.markdown(f"**{escape_label(student.full_name)}**  \n{who_comes(meeting)}{badge(meeting)}", width="stretch")
    prepare_button(student.student_id, key=f"prepare_{meeting.id.hex}")


def who_comes(meeting: PlannedMeeting) -> str:
    """The guardian's name and what they are to the student; nothing where that is not known here."""
    if meeting.guardian is None:
        return ""
    kin = f" ({escape_label(meeting.relationship)})" if meeting.relationship else ""
    return f":small[{escape_label(meeting.guardian)}{kin}] "


def badge(meeting: PlannedMeeting) -> str:
    if meeting.prepared is Prepared.READY:
        return ":green-badge[:material/check_circle: Ready]"
    if meeting.prepared is Prepared.NO_NOTES:
        return ":gray-badge[:material/edit_note: No notes yet]"
    things = counted(len(meeting.student.to_discuss), "thing")
    return f":orange-badge[:material/rule: {things} to check]"
