"""Before the first question: what could be asked, and the commands."""

from collections.abc import Sequence

import streamlit as st

from core.accounts.person import Person
from core.assistant.message import Subject
from core.assistant.whom import About
from core.bootstrap import App
from core.errors import AppError
from core.meetings.readiness import Readiness
from core.roster.views import ClassSummary
from core.ui.assistant import examples
from core.ui.assistant.actions import ask_example
from core.ui.assistant.address import AssistantAddress, open_new
from core.ui.assistant.bottom import centred, draw_bottom
from core.ui.assistant.command_table import draw_commands
from core.ui.assistant.examples import Example
from core.ui.boundary import show_uncaught
from core.ui.frame import draw_header
from core.ui.text import escape_label

TITLE = "Assistant"
CAPTION = "It reads the records of your classes, and no student's name leaves the school."
CARD_PX = 270


def draw_empty(person: Person, app: App, address: AssistantAddress) -> None:
    draw_header(TITLE, CAPTION)
    about = _about(person, app, address)
    with centred():
        _draw_question(person, about)
        _draw_examples(person, app, _examples(person, app, address, about))
        with st.expander("Commands", expanded=True, icon=":material/terminal:"):
            draw_commands()
    draw_bottom(person, app, subject=about)


def _draw_question(person: Person, about: Subject | None) -> None:
    if about is None:
        st.subheader(f"What do you need, {escape_label(person.full_name)}?", anchor=False)
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(f"What do you need for {escape_label(about.name)}?", anchor=False)
        st.button("Ask something else", icon=":material/arrow_back:", type="tertiary", on_click=open_new)


def _about(person: Person, app: App, address: AssistantAddress) -> Subject | None:
    """The student whom the address names; one that this person may not see is said so, and the page goes on."""
    if address.about_id is None:
        return None
    try:
        student = app.roster.student(person, address.about_id)
    except AppError as error:
        show_uncaught(error)
        return None
    return Subject(About.STUDENT, student.id, student.full_name)


def _examples(person: Person, app: App, address: AssistantAddress, about: Subject | None) -> list[Example]:
    if about is not None:
        return examples.of_student(about)
    classes = app.roster.classes(person)
    here = next((one for one in classes if one.id == address.class_id), None)
    if here is not None:
        return examples.of_class(here)
    return examples.of_classes(classes, _students(person, app, classes))


def _students(person: Person, app: App, classes: Sequence[ClassSummary]) -> Sequence[Readiness]:
    first = next((one for one in classes if one.students), None)
    return app.meetings.of_class(person, first.id) if first else ()


def _draw_examples(person: Person, app: App, shown: Sequence[Example]) -> None:
    grid = st.grid(min(2, len(shown)), min_column_width=CARD_PX)
    for number, example in enumerate(shown):
        with grid.container(border=True, height="stretch", gap="small", vertical_alignment="distribute"):
            with st.container(gap="xsmall"):
                st.markdown(f":material/{example.icon}: **{escape_label(example.title)}**")
                st.caption(escape_label(example.line))
            st.button(
                example.button,
                key=f"assistant_example_{number}",
                icon=":material/arrow_upward:",
                on_click=ask_example,
                args=(person, app, example),
            )
