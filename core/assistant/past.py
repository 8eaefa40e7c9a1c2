"""What was said in a conversation so far, as the next request needs it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.assistant import threads
from core.assistant.conversation import Kind, Source, State, Subject
from core.assistant.history import Turn
from core.assistant.known_names import Kind as TokenKind
from core.assistant.marks import Marks
from core.assistant.tokens import Token, Tokens
from core.db.tables.chats import ChatMessage, ChatRequest, ChatToken
from core.errors import UnknownConversation

TOLD = (State.DONE, State.STOPPED, State.CUT_OFF)
"""What goes on being part of the talk; what was refused or failed would only be refused again."""

# One question at a time, so that no two give the same number to different people.
_LOCK = text("select t.class_id from chat_threads as t where t.id = :thread and t.deleted_at is null for no key update")


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
    answers = session.execute(
        select(ChatMessage, ChatRequest)
        .join(ChatRequest, ChatRequest.message_id == ChatMessage.id)
        .where(ChatMessage.thread_id == thread_id, ChatMessage.kind == Kind.ANSWER, ChatMessage.replaced_at.is_(None))
        .order_by(ChatMessage.place)
    ).all()
    subjects = [message.subject for message, _ in answers if message.subject]
    return Past(
        turns=[_turn(message, request) for message, request in answers if message.state in TOLD and message.text],
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


def _sources_of(session: Session, thread_id: UUID) -> dict[str, Source]:
    """Of what was edited away, too: a mark stands for one record in all of the conversation."""
    requests = session.scalars(
        select(ChatRequest.sources).where(ChatRequest.thread_id == thread_id).order_by(ChatRequest.created_at)
    )
    return {mark: threads.source(row) for sources in requests for mark, row in sources.items()}


def _turn(message: ChatMessage, request: ChatRequest) -> Turn:
    question = str(request.body["messages"][-1]["content"])
    # The request holds those of earlier turns, too.
    own = {mark: threads.source(row) for mark, row in request.sources.items() if f"[{mark}]" in question}
    return Turn(question, message.text, own)
