"""The ways from a student's drawer to the Assistant."""

from uuid import UUID

import streamlit as st

from core.roster.views import StudentDetails
from core.ui.assistant.address import ABOUT, CHAT
from core.ui.drawer_record_desk import close_form
from core.ui.drawer_record_mark import RECORD
from core.ui.links import assistant_link
from core.ui.photo_actions import close_student
from core.ui.roster_address import go_to

LINKS = (("Prepare a meeting", "forum"), ("Ask about this student", "chat"))


def draw_links(student: StudentDetails) -> None:
    with st.container(horizontal=True, gap="small"):
        for label, icon in LINKS:
            if CHAT in st.query_params:
                _draw_button(label, icon, student.id)
            else:
                assistant_link(label, icon=icon, student_id=student.id)


def _draw_button(label: str, icon: str, student_id: UUID) -> None:
    """Over a conversation, since a link to the page that is open leaves the address bar as it was."""
    key = f"drawer_{icon}"
    st.button(label, key=key, type="tertiary", icon=f":material/{icon}:", on_click=_ask_anew, args=(student_id,))


def _ask_anew(student_id: UUID) -> None:
    close_student()
    close_form()
    for name in (RECORD, CHAT):
        go_to(name, "")
    go_to(ABOUT, str(student_id))
    st.rerun()
