"""A conversation as a file of the teacher's own, with names as the school writes them."""

import json
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.assistant.citations import MARK
from core.assistant.conversation import Kind, Message, Role, Thread

_TITLES = {Role.TEACHER: "You", Role.ASSISTANT: "Assistant"}
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_NOT_IN_NAMES = re.compile(r"[^\w .-]+")


def as_markdown(thread: Thread, zone: ZoneInfo) -> str:
    parts = [f"# {thread.conversation.title}"]
    parts += [_section(message, zone) for message in _said(thread)]
    return "\n\n".join(parts) + "\n"


def as_json(thread: Thread) -> str:
    conversation = thread.conversation
    exported = {
        "id": str(conversation.id),
        "title": conversation.title,
        "updated_at": conversation.updated_at.isoformat(),
        "messages": [_entry(message) for message in _said(thread)],
    }
    return json.dumps(exported, ensure_ascii=False, indent=2) + "\n"


def as_plain_text(text: str) -> str:
    """An answer without the signs of Markdown and without references, ready for a letter."""
    return _BOLD.sub(r"\2", _HEADING.sub("", MARK.sub("", text))).strip()


def file_name(title: str, ending: str) -> str:
    """What any system takes as a file's name."""
    return f"{_NOT_IN_NAMES.sub(' ', title).strip(' .')[:80] or 'Conversation'}.{ending}"


def _said(thread: Thread) -> list[Message]:
    return [message for message in thread.messages if message.kind in (Kind.QUESTION, Kind.ANSWER)]


def _section(message: Message, zone: ZoneInfo) -> str:
    head = f"## {_TITLES[message.role]}, {_when(message.created_at, zone)}"
    return "\n\n".join(part for part in (head, _numbered(message), _records(message), _note(message)) if part)


def _numbered(message: Message) -> str:
    numbers = {mark: number for number, mark in enumerate(message.sources, 1)}
    return MARK.sub(lambda found: f" [{numbers[found[1]]}]" if found[1] in numbers else "", message.text)


def _records(message: Message) -> str:
    return "\n".join(
        f"{number}. {source.label}, {source.record.on:%d.%m.%Y}"
        for number, source in enumerate(message.sources.values(), 1)
    )


def _note(message: Message) -> str:
    return f"({message.note})" if message.note else ""


def _entry(message: Message) -> dict[str, Any]:
    sources = [
        {"mark": mark, "kind": source.record.kind, "id": str(source.record.id), "on": source.record.on.isoformat()}
        for mark, source in message.sources.items()
    ]
    usage = message.usage
    return {
        "role": message.role,
        "created_at": message.created_at.isoformat(),
        "state": message.state,
        "text": message.text,
        "records": sources,
        "model": usage.model if usage else None,
        "prompt_tokens": usage.prompt_tokens if usage else None,
        "completion_tokens": usage.completion_tokens if usage else None,
        "cost_usd": str(usage.cost_usd) if usage and usage.cost_usd is not None else None,
        "cost_source": usage.cost_source if usage else None,
    }


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d.%m.%Y %H:%M}"
