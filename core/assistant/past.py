"""What was said in a conversation so far, as the next request needs it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.assistant import threads
from core.assistant.history import Turn
from core.assistant.known_names import Kind as TokenKind
from core.assistant.marks import Marks
from core.assistant.message import Kind, Source, State, Subject
from core.assistant.tokens import Token, Tokens
from core.db.tables.chats import ChatMessage, ChatRequest, ChatToken
from core.errors import UnknownConversation

TOLD = (State.DONE, State.STOPPED, State.CUT_OFF)
"""What goes on being part of the talk; what was refused or failed would only be refused again."""

MOST_ANSWERS = 100
"""Far more than the budget of any request has room for."""

# One question at a time, so that no two give the same number to different people.
_LOCK = text("select t.class_id from chat_threads as t where t.id = :thread and t.deleted_at is null for no key update")
_SOURCES = text(
    """
    select distinct on (s.key) s.key as mark, s.value as source
    from chat_requests as r cross join lateral jsonb_each(r.sources) as s
    where r.thread_id = :thread
    order by s.key, r.created_at desc
    """
)


@dataclass(frozen=True)
class Past:
    """`subject` is the class or student that the conversation was about last."""

    turns: Sequence[Turn] = ()
    subject: Subject | None = None
    class_id: UUID | None = None
    tokens: Tokens = field(default_factory=Tokens)
    marks: Marks = field(default_factory=Marks)


def past_of(session: Session, thread_id: UUID) -> Past:
    """Locks the conversation until the transaction ends. Raises UnknownConversation."""
    row = session.execute(_LOCK, {"thread": thread_id}).one_or_none()
    if row is None:
        raise UnknownConversation
    answers = _answers(session, thread_id)
    subjects = [answer.subject for answer in answers if answer.subject]
    return Past(
        turns=[_turn(answer) for answer in answers if answer.state in TOLD and answer.text],
        subject=threads.subject(subjects[-1]) if subjects else None,
        class_id=row.class_id,
        tokens=tokens_of(session, thread_id),
        marks=Marks(_sources_of(session, thread_id)),
    )


def tokens_of(session: Session, thread_id: UUID) -> Tokens:
    rows = session.scalars(
        select(ChatToken).where(ChatToken.thread_id == thread_id).order_by(ChatToken.number, ChatToken.created_at)
    )
    return Tokens(Token(TokenKind(row.kind), row.number, row.form, row.entity, row.text) for row in rows)


def keep_tokens(session: Session, person: Person, thread_id: UUID, tokens: Sequence[Token]) -> None:
    whose = {"school_id": person.school_id, "staff_id": person.staff_id, "thread_id": thread_id}
    if tokens:
        session.execute(
            insert(ChatToken),
            [
                {
                    **whose,
                    "kind": one.kind,
                    "number": one.number,
                    "form": one.form,
                    "entity": one.entity,
                    "text": one.text,
                }
                for one in tokens
            ],
        )


def _answers(session: Session, thread_id: UUID) -> list[Row[Any]]:
    """The latest, oldest first."""
    rows = session.execute(
        select(
            ChatMessage.state,
            ChatMessage.text,
            ChatMessage.subject,
            ChatRequest.body["messages"][-1]["content"].astext.label("question"),
            ChatRequest.sources,
            ChatRequest.own_marks,
        )
        .join(ChatRequest, ChatRequest.message_id == ChatMessage.id)
        .where(ChatMessage.thread_id == thread_id, ChatMessage.kind == Kind.ANSWER, ChatMessage.replaced_at.is_(None))
        .order_by(ChatMessage.place.desc())
        .limit(MOST_ANSWERS)
    )
    return list(reversed(rows.all()))


def _sources_of(session: Session, thread_id: UUID) -> dict[str, Source]:
    """Of what was edited away, too: a mark stands for one record in all of the conversation."""
    rows = session.execute(_SOURCES, {"thread": thread_id})
    return {row.mark: threads.source(row.source) for row in rows}


def _turn(answer: Row[Any]) -> Turn:
    own = {mark: threads.source(answer.sources[mark]) for mark in answer.own_marks}
    kinds = frozenset(threads.source(source).record.kind for source in answer.sources.values())
    return Turn(answer.question, answer.text, own, kinds)
