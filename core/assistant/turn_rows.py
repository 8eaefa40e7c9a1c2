"""The rows of one turn: a conversation's beginning, what the app says itself, and what is sent for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.assistant.answer_rows import source_as_json
from core.assistant.message import Kind, Subject
from core.assistant.outgoing import Outgoing
from core.assistant.replies import Reply
from core.assistant.titles import is_ours
from core.db.tables.chats import ChatMessage, ChatThread

_SEND = text(
    """
    select private.send_chat(
        :thread, :question, :reply, :text, cast(:details as jsonb), :model, :held, :feature, :class_id,
        cast(:request as jsonb), cast(:request_data as jsonb)
    )
    """
)
_NOTE = text(
    "select private.note_turn(:thread, :question, :text, :reply, :kind, :reply_text, cast(:choices as jsonb), :command)"
)
_MAY_SPEND = text("select private.demo_may_spend(:limit, :held)")


@dataclass(frozen=True)
class TurnIds:
    """`question_id` is None where the conversation's last question is answered anew."""

    thread_id: UUID
    question_id: UUID | None
    reply_id: UUID

    def values(self, words: str) -> dict[str, object]:
        return {"thread": self.thread_id, "question": self.question_id, "reply": self.reply_id, "text": words}


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """What is written down besides the words before a request leaves."""

    outgoing: Outgoing
    sent_to: str
    held_usd: Decimal | None
    feature: str
    class_id: UUID | None
    details: Mapping[str, Any]
    request_data: Mapping[str, Any]

    def request(self) -> dict[str, Any]:
        sources = self.outgoing.sources
        return {
            "body": self.outgoing.request.parameters(),
            "sent_to": self.sent_to,
            "kinds": sorted({source.record.kind for source in sources.values()}),
            "sources": {mark: source_as_json(mark, source) for mark, source in sources.items()},
            "own_marks": self.outgoing.own_marks,
        }


def start_thread(session: Session, person: Person, title: str, class_id: UUID | None) -> UUID:
    thread_id = uuid4()
    whose = {"school_id": person.school_id, "staff_id": person.staff_id}
    session.execute(insert(ChatThread).values(id=thread_id, title=title, class_id=class_id, **whose))
    return thread_id


def rename_if_ours(session: Session, thread_id: UUID, title: str) -> None:
    """What was given by hand stays."""
    asked = select(ChatMessage.text).where(ChatMessage.thread_id == thread_id, ChatMessage.kind == Kind.QUESTION)
    now = session.scalars(select(ChatThread.title).where(ChatThread.id == thread_id)).one_or_none()
    if now is not None and is_ours(now, session.scalars(asked)):
        session.execute(update(ChatThread).where(ChatThread.id == thread_id).values(title=title))


def note(session: Session, ids: TurnIds, words: str, reply: Reply) -> None:
    choices = [{"kind": one.kind, "id": one.id, "names": one.names} for one in reply.choices]
    said = {"kind": reply.kind, "reply_text": reply.text, "choices": json.dumps(choices), "command": reply.command}
    session.execute(_NOTE, {**ids.values(words), **said})


def send(session: Session, ids: TurnIds, words: str, reserved: Reservation) -> datetime | None:
    """None when the request may leave, else when the limit allows it."""
    values = {
        "details": json.dumps(reserved.details),
        "model": reserved.outgoing.request.model,
        "held": reserved.held_usd,
        "feature": reserved.feature,
        "class_id": reserved.class_id,
        "request": json.dumps(reserved.request()),
        "request_data": json.dumps(reserved.request_data),
    }
    opens_at: datetime | None = session.scalar(_SEND, {**ids.values(words), **values})
    return opens_at


def may_spend(session: Session, *, limit_usd: Decimal, held_usd: Decimal | None) -> bool:
    """Of a demo with a real key; exact if the cost is held in the same transaction."""
    return bool(session.scalar(_MAY_SPEND, {"limit": limit_usd, "held": held_usd}))


def subject_as_json(subject: Subject | None) -> dict[str, str] | None:
    return {"kind": subject.kind, "id": str(subject.id), "name": subject.name} if subject else None
