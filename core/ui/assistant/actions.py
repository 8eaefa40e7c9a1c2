"""What a click or a question asks of the assistant; a refusal is kept until the next and shown above the input."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st
from sqlalchemy.exc import OperationalError

from core.accounts.person import Person
from core.assistant.conversation import Asked
from core.assistant.message import Subject
from core.assistant.whom import Candidate
from core.bootstrap import App
from core.errors import AppError, DatabaseAway
from core.meetings.records import RecordRef
from core.ui.assistant.address import open_conversation, open_new, read_address
from core.ui.assistant.examples import Example
from core.ui.boundary import show_uncaught
from core.ui.drawer_record_mark import RECORD, MarkedRecord
from core.ui.photo_actions import open_student
from core.ui.roster_address import go_to

BOX, NEW = "assistant_box", "assistant_new"
"""The input, and the button of a new conversation."""
EDITED = "assistant_edited"
"""The question that is being changed."""
_REFUSAL = "assistant_refusal"


def ask_from_box(person: Person, app: App, subject: Subject | None) -> None:
    """The text of the box; where it is refused it stays there."""
    text = str(st.session_state[BOX] or "")
    if text.strip() and st.session_state.get(NEW):
        open_new()
    # A command says itself whom it is about.
    about = None if text.lstrip().startswith("/") else subject
    if text.strip() and not _ask(person, app, text, about):
        st.session_state[BOX] = text


def begin_anew() -> None:
    """A question that came with the click opens its own: which of the two is told first is not certain."""
    if not st.session_state.get(BOX):
        open_new()


def ask_example(person: Person, app: App, example: Example) -> None:
    _ask(person, app, example.text, example.about)


def _ask(person: Person, app: App, text: str, subject: Subject | None) -> bool:
    """In the open conversation or a new one; whether it was taken."""
    conversation_id = read_address().conversation_id
    return _attempt(lambda: app.assistant.ask(person, text, conversation_id=conversation_id, subject=subject))


def ask_again(person: Person, app: App, answer_id: UUID) -> None:
    _attempt_and_redraw(lambda: app.assistant.ask_again(person, answer_id))


def ask_instead(person: Person, app: App, question_id: UUID, text: str) -> None:
    """Where it is refused it stays in its box."""

    def act() -> Asked:
        asked = app.assistant.ask_instead(person, question_id, text)
        st.session_state.pop(EDITED, None)
        return asked

    if text.strip():
        _attempt_and_redraw(act)


def go_on(person: Person, app: App, answer_id: UUID) -> None:
    _attempt_and_redraw(lambda: app.assistant.go_on(person, answer_id))


def choose(person: Person, app: App, message_id: UUID, candidate: Candidate) -> None:
    _attempt_and_redraw(lambda: app.assistant.choose(person, message_id, candidate))


def open_record(record: RecordRef) -> None:
    """In the student's drawer, over this page."""
    open_student(record.student_id)
    go_to(RECORD, MarkedRecord(record.kind, record.id).in_address)
    st.rerun()


def show_refusal() -> None:
    """Until the page is drawn anew."""
    error = st.session_state.pop(_REFUSAL, None)
    if isinstance(error, AppError):
        show_uncaught(error)


def _attempt_and_redraw(act: Callable[[], Asked]) -> None:
    """For clicks within a fragment: an answer that begins changes cards, title and Stop, too."""
    _attempt(act)
    st.rerun()


def _attempt(act: Callable[[], Asked]) -> bool:
    st.session_state.pop(_REFUSAL, None)
    try:
        asked = act()
    except AppError as error:
        st.session_state[_REFUSAL] = error
        return False
    except OperationalError:
        # Uncaught it would take the text along that was typed.
        st.session_state[_REFUSAL] = DatabaseAway()
        return False
    open_conversation(asked.conversation_id)
    return True
