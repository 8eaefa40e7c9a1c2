"""What a conversation is called: said here, by its first question, and never sent."""

from collections.abc import Iterable

from core.assistant.commands import Name
from core.assistant.message import Subject
from core.assistant.whom import About

LONGEST = 60
NEW = "New conversation"
COMMANDS = "Commands"
MEETINGS, MEETING, PROGRESS, LESSON = BEGINNINGS = ("Meetings of ", "Meeting about ", "Progress of ", "Lesson: ")


def title_of(text: str, command: Name | None = None, subject: Subject | None = None) -> str:
    """By the command and whom it is about, else the first words."""
    match command:
        case Name.PTM if subject is not None:
            about = MEETINGS if subject.kind is About.CLASS else MEETING
            return _short(f"{about}{subject.name}")
        case Name.PROGRESS if subject is not None:
            return _short(f"{PROGRESS}{subject.name}")
        case Name.LESSON:
            return _short(f"{LESSON}{_without_slash(text)}")
        case Name.HELP:
            return COMMANDS
    return _short(text) or NEW


def is_ours(title: str, questions: Iterable[str]) -> bool:
    """Whether a title was made here, from one of the conversation's questions, and not given by hand."""
    return title == COMMANDS or title.startswith(BEGINNINGS) or title in {_short(text) or NEW for text in questions}


def _without_slash(text: str) -> str:
    return text.strip().removeprefix(f"/{Name.LESSON}").strip()


def _short(text: str) -> str:
    """Whole words, as many as there is room for."""
    words = " ".join(text.split())
    if len(words) <= LONGEST:
        return words
    cut = words[:LONGEST].rpartition(" ")[0] or words[: LONGEST - 1]
    return f"{cut}…"
