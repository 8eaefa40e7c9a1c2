"""What leaves for one answer, and what is needed to read what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.assistant.message import Source
from core.assistant.tokens import Tokens
from core.clients.openai_chat import ChatRequest
from core.usage.hand_prices import TokenPrice


@dataclass(frozen=True)
class Outgoing:
    """`sources` are the records that went along, by their marks."""

    request: ChatRequest
    tokens: Tokens
    sources: Mapping[str, Source]
    own_marks: tuple[str, ...] = ()
    """Of the records those that came with the question itself, the others came with earlier ones."""
    by_hand: TokenPrice | None = None
    """What an admin entered as the model's price, as it was when this was asked."""
