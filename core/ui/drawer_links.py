"""The ways from a student's drawer to the Assistant."""

import streamlit as st

from core.roster.views import StudentDetails
from core.ui.links import assistant_link


def draw_links(student: StudentDetails) -> None:
    with st.container(horizontal=True, gap="small"):
        assistant_link("Prepare a meeting", icon="forum", student_id=student.id)
        assistant_link("Ask about this student", icon="chat", student_id=student.id)
