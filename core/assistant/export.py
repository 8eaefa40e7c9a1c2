"""A conversation as a file for its writer: names as the school writes them, each cited record as a footnote."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.assistant.citations import MARK
from core.assistant.conversation import Thread
from core.assistant.message import AnswerUsage, Message, Role, Source, State

DRAFT = "Drafts of an AI assistant; the teacher decides. They hold names and records of students: keep them safe."
_LOADS = re.compile(r"!(?=\[)|<(?=[A-Za-z/!?])")
"""What makes a viewer of Markdown fetch or run something."""


def as_markdown(thread: Thread, zone: ZoneInfo) -> str:
    """One heading a message; what the app itself said is part of it."""
    messages = [_in_markdown(message, zone, continues=thread.continues(message)) for message in thread.messages]
    notes = [f"[^{mark}]: {_record_in_words(source)}" for mark, source in _sources(thread).items()]
    title = _plain(" ".join(thread.conversation.title.split()))
    return "\n\n".join(part for part in (f"# {title}", f"*{DRAFT}*", *messages, "\n".join(notes)) if part) + "\n"


def as_json(thread: Thread, zone: ZoneInfo) -> str:
    """The same for programs; times with the school's offset, dollars as strings."""
    conversation = thread.conversation
    told = {
        "title": conversation.title,
        "updated_at": _moment(conversation.updated_at, zone),
        "about": DRAFT,
        "messages": [_in_json(message, zone) for message in thread.messages],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def file_name(thread: Thread, ending: str) -> str:
    """Without a name: files are seen in passing, and lie around."""
    return f"conversation-{thread.conversation.updated_at:%Y-%m-%d}.{ending}"


def _in_markdown(message: Message, zone: ZoneInfo, *, continues: bool) -> str:
    """A part that goes on with an answer has no heading of its own."""
    who = "You" if message.role is Role.TEACHER else "Assistant"
    at = message.created_at.astimezone(zone)
    heading = "" if continues else f"## {who}, {_day(at.date())}, {at:%H:%M}"
    text = _plain(message.text)
    if message.sources:
        text = MARK.sub(lambda match: _footnote(match, message), text)
    note = f"*{_ending(message)}*" if _ending(message) else ""
    return "\n\n".join(filter(None, [heading, text, note]))


def _footnote(match: re.Match[str], message: Message) -> str:
    mark = match[1].lower()
    return f"[^{mark}]" if mark in message.sources else match[0]


def _ending(message: Message) -> str:
    return message.note or ("Still being written." if message.is_writing else "")


def _plain(text: str) -> str:
    """As it reads, with nothing that a viewer would fetch by itself."""
    return _LOADS.sub(r"\\\g<0>", text)


def _sources(thread: Thread) -> dict[str, Source]:
    """A mark stands for one record in all of the conversation."""
    found = {mark: source for message in thread.messages for mark, source in message.sources.items()}
    return dict(sorted(found.items(), key=lambda one: int(one[0][1:])))


def _record_in_words(source: Source) -> str:
    kind, label = source.record.kind.value.capitalize(), source.label
    what = kind if label == kind else f"{kind}, {_plain(label)}"
    return f"{what}, {_day(source.record.on)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _in_json(message: Message, zone: ZoneInfo) -> dict[str, Any]:
    return dict(_told(message, zone))


def _told(message: Message, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    yield "role", message.role
    yield "kind", message.kind
    yield "at", _moment(message.created_at, zone)
    yield "text", message.text
    if message.state is not State.DONE:
        yield "state", message.state
    optional = {
        "command": message.command,
        "about": message.subject.name if message.subject else None,
        "note": message.note,
        "records": [_record(mark, source) for mark, source in message.sources.items()],
        "thumb": message.thumb,
        "thumb_reason": message.thumb_reason,
        "usage": _usage(message.usage),
    }
    yield from ((name, value) for name, value in optional.items() if value)


def _record(mark: str, source: Source) -> dict[str, str]:
    return {
        "mark": mark,
        "kind": source.record.kind,
        "id": str(source.record.id),
        "label": source.label,
        "on": source.record.on.isoformat(),
    }


def _usage(usage: AnswerUsage | None) -> dict[str, Any] | None:
    if usage is None:
        return None
    return {
        "model": usage.model,
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "cost_usd": None if usage.cost_usd is None else str(usage.cost_usd),
        "cost_source": usage.cost_source,
    }


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
