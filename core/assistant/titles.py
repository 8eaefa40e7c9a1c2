"""What a conversation is called: said here, by its first question, and never sent."""

from core.assistant.commands import Name
from core.assistant.conversation import Subject
from core.assistant.whom import About

LONGEST = 60
NEW = "New conversation"


def title_of(text: str, command: Name | None = None, subject: Subject | None = None) -> str:
    """By the command and whom it is about, else the first words."""
    match command:
        case Name.PTM if subject is not None:
            about = "Meetings of" if subject.kind is About.CLASS else "Meeting about"
            return _short(f"{about} {subject.name}")
        case Name.PROGRESS if subject is not None:
            return _short(f"Progress of {subject.name}")
        case Name.LESSON:
            return _short(f"Lesson: {_without_slash(text)}")
        case Name.HELP:
            return "Commands"
    return _short(text) or NEW


def _without_slash(text: str) -> str:
    return text.strip().removeprefix(f"/{Name.LESSON}").strip()


def _short(text: str) -> str:
    """Whole words, as many as there is room for."""
    words = " ".join(text.split())
    if len(words) <= LONGEST:
        return words
    cut = words[:LONGEST].rpartition(" ")[0] or words[: LONGEST - 1]
    return f"{cut}…"
