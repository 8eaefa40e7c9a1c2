"""The request for an answer exactly as it left, for its writer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.assistant.past import tokens_of
from core.assistant.tokens import TOKEN, Tokens
from core.db.tables.chats import ChatRequest


@dataclass(frozen=True)
class Replacement:
    """What a token stands for, as "What was sent" shows it."""

    token: str
    text: str


@dataclass(frozen=True)
class SentRequest:
    """The request exactly as it left, with what its tokens stand for; for its writer alone."""

    sent_at: datetime
    sent_to: str
    """The provider's host, or "the demo's stand-in"."""
    body: Mapping[str, object]
    """The SDK's keyword arguments."""
    message: str
    """The last message of it."""
    kinds: tuple[str, ...]
    replaced: tuple[Replacement, ...]


def sent_request(session: Session, message_id: UUID) -> SentRequest | None:
    """None for a message that was not sent for, or is somebody else's."""
    row = session.scalars(select(ChatRequest).where(ChatRequest.message_id == message_id)).one_or_none()
    if row is None:
        return None
    return SentRequest(
        sent_at=row.created_at,
        sent_to=row.sent_to,
        body=row.body,
        message=row.body["messages"][-1]["content"],
        kinds=tuple(row.kinds),
        replaced=_replaced([message["content"] for message in row.body["messages"]], tokens_of(session, row.thread_id)),
    )


def _replaced(said: Sequence[str], tokens: Tokens) -> tuple[Replacement, ...]:
    """Those of the conversation's tokens that are in these, in the order in which they come."""
    found = dict.fromkeys(match[0] for text in said for match in TOKEN.finditer(text))
    known = ((name, tokens.named(name)) for name in found)
    return tuple(Replacement(name, token.text) for name, token in known if token is not None)
