"""Conversations as their writer sees them, and what their writer may change about them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, text, update
from sqlalchemy.orm import Session

from core.assistant.commands import Name
from core.assistant.conversation import Conversation, Thread
from core.assistant.message import AnswerUsage, Kind, Message, Role, Source, State, Subject, Thumb
from core.assistant.whom import About, Candidate
from core.db.tables.chats import ChatMessage, ChatThread
from core.db.tables.usage import UsageRow
from core.errors import UnknownConversation
from core.meetings.records import RecordKind, RecordRef

LONGEST_TITLE = 200
LONGEST_REASON = 2000

_SETTLED = and_(UsageRow.id == ChatMessage.usage_id, UsageRow.state == "settled")
_FORGET = text("select private.forget_thread(:thread)")


def conversations(session: Session, search: str = "") -> list[Conversation]:
    """Newest first; those with the words in their title or in a text that was not edited away."""
    found = select(ChatThread).where(ChatThread.deleted_at.is_(None)).order_by(ChatThread.updated_at.desc())
    for word in search.split():
        found = found.where(_holds(word))
    return [_conversation(row) for row in session.scalars(found)]


def thread(session: Session, conversation_id: UUID) -> Thread:
    """Raises UnknownConversation."""
    row = session.get(ChatThread, conversation_id)
    if row is None or row.deleted_at is not None:
        raise UnknownConversation
    rows = session.execute(
        select(ChatMessage, UsageRow)
        .outerjoin(UsageRow, _SETTLED)
        .where(ChatMessage.thread_id == conversation_id, ChatMessage.replaced_at.is_(None))
        .order_by(ChatMessage.place)
    )
    messages = tuple(_message(message, usage) for message, usage in rows)
    return Thread(_conversation(row), messages, _replaced(session, conversation_id))


def _replaced(session: Session, conversation_id: UUID) -> tuple[AnswerUsage, ...]:
    rows = session.scalars(
        select(UsageRow)
        .join(ChatMessage, _SETTLED)
        .where(ChatMessage.thread_id == conversation_id, ChatMessage.replaced_at.is_not(None))
    )
    return tuple(map(_usage, rows))


def rename(session: Session, conversation_id: UUID, title: str) -> None:
    """An empty title changes nothing. Raises UnknownConversation."""
    wanted = " ".join(title.split())[:LONGEST_TITLE]
    row = session.get(ChatThread, conversation_id)
    if row is None or row.deleted_at is not None:
        raise UnknownConversation
    row.title = wanted or row.title


def forget(session: Session, conversation_id: UUID) -> None:
    """Its texts, requests and tokens are gone for good. Raises UnknownConversation."""
    session.execute(_FORGET, {"thread": conversation_id})


def rate(session: Session, message_id: UUID, thumb: Thumb | None, reason: str) -> None:
    """None takes the thumb back, and its reason with it. Raises UnknownConversation."""
    said = reason.strip()[:LONGEST_REASON] or None if thumb else None
    changed = session.scalars(
        update(ChatMessage)
        .where(ChatMessage.id == message_id, ChatMessage.kind == Kind.ANSWER)
        .values(thumb=thumb, thumb_reason=said)
        .returning(ChatMessage.id)
    )
    if changed.one_or_none() is None:
        raise UnknownConversation


def source(row: Mapping[str, Any]) -> Source:
    """As the database keeps it."""
    on = date.fromisoformat(row["on"])
    return Source(RecordRef(RecordKind(row["kind"]), UUID(row["id"]), UUID(row["student_id"]), on), row["label"])


def subject(row: Mapping[str, Any] | None) -> Subject | None:
    return Subject(About(row["kind"]), UUID(row["id"]), row["name"]) if row else None


def _holds(word: str) -> ColumnElement[bool]:
    said = exists().where(
        ChatMessage.thread_id == ChatThread.id,
        ChatMessage.replaced_at.is_(None),
        ChatMessage.text.icontains(word, autoescape=True),
    )
    return or_(ChatThread.title.icontains(word, autoescape=True), said)


def _conversation(row: ChatThread) -> Conversation:
    return Conversation(row.id, row.title, row.updated_at, row.class_id)


def _message(row: ChatMessage, usage: UsageRow | None) -> Message:
    return Message(
        id=row.id,
        role=Role(row.role),
        kind=Kind(row.kind),
        state=State(row.state),
        text=row.text,
        created_at=row.created_at,
        command=Name(row.command) if row.command else None,
        subject=subject(row.subject),
        choices=tuple(Candidate(About(one["kind"]), one["id"], tuple(one["names"])) for one in row.choices),
        sources={one["mark"]: source(one) for one in row.sources},
        removed_citations=row.removed_citations,
        records=row.records,
        students=row.students,
        left_out=row.left_out,
        held_back={RecordKind(kind): count for kind, count in row.held_back.items()},
        note=row.note,
        usage=_usage(usage) if usage is not None else None,
        thumb=Thumb(row.thumb) if row.thumb else None,
        thumb_reason=row.thumb_reason,
    )


def _usage(row: UsageRow) -> AnswerUsage:
    return AnswerUsage(
        model=row.model,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        cost_usd=row.estimated_cost,
        cost_source=row.cost_source,
        duration_ms=row.duration_ms,
        by_stand_in=bool(row.request_data.get("by_stand_in")),
    )
