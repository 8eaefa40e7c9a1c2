"""What a conversation is called."""

from uuid import uuid4

import pytest

from core.assistant.commands import Name
from core.assistant.message import Subject
from core.assistant.titles import LONGEST, title_of
from core.assistant.whom import About

INTEGRITY = Subject(About.CLASS, uuid4(), "P5 Integrity")
ANA = Subject(About.STUDENT, uuid4(), "Ana Lim")


@pytest.mark.parametrize(
    ("text", "command", "subject", "title"),
    [
        ("/ptm", Name.PTM, INTEGRITY, "Meetings of P5 Integrity"),
        ("meet Ana's parents", Name.PTM, ANA, "Meeting about Ana Lim"),
        ("/progress ana", Name.PROGRESS, ANA, "Progress of Ana Lim"),
        ("/lesson P5 fractions", Name.LESSON, None, "Lesson: P5 fractions"),
        ("/help", Name.HELP, None, "Commands"),
        ("  What is\n a haiku? ", None, None, "What is a haiku?"),
    ],
)
def test_a_conversation_is_called_after_its_first_question(
    text: str, command: Name | None, subject: Subject | None, title: str
) -> None:
    assert title_of(text, command, subject) == title


def test_a_long_question_is_cut_between_words() -> None:
    title = title_of("How can I help a class to calm down after a long and noisy break on a rainy afternoon?")

    assert len(title) <= LONGEST + 1
    assert title.endswith("long and noisy…")


def test_a_word_without_end_is_cut_anyway() -> None:
    assert len(title_of("a" * 500)) <= LONGEST
