"""What an answer took: by the provider's count, else by ours, else as much as was held for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from core.assistant.counting import HOW, counted_usage
from core.clients.openai_chat import ChatRequest
from core.usage.hand_prices import TokenPrice
from core.usage.ledger import Tokens
from core.usage.prices import Cost, estimate_chat, settle_chat
from core.usage.tokens import chat_tokens


class Unmeasured(Enum):
    """What an attempt comes to of which nothing can be worked out."""

    NOTHING_SENT = auto()
    MAY_BE_CHARGED = auto()


@dataclass(frozen=True)
class Measured:
    """`counted` says how, if the count is ours."""

    cost: Cost | Unmeasured
    tokens: Tokens = field(default_factory=Tokens)
    counted: str | None = None


NOTHING_SENT = Measured(Unmeasured.NOTHING_SENT)
MAY_BE_CHARGED = Measured(Unmeasured.MAY_BE_CHARGED)


def measured(
    request: ChatRequest, usage: Mapping[str, Any] | None, written: str, by_hand: TokenPrice | None = None
) -> Measured:
    """`written` is all that came; not a word of it says nothing about what is charged."""
    if chat_tokens(usage) is not None:
        return Measured(settle_chat(request.model, usage, by_hand=by_hand), _tokens(usage))
    if not written:
        return MAY_BE_CHARGED
    counted = counted_usage(request, written)
    return Measured(estimate_chat(request.model, counted, by_hand=by_hand), _tokens(counted), HOW)


def _tokens(usage: Mapping[str, Any] | None) -> Tokens:
    found = chat_tokens(usage)
    if found is None:
        return Tokens()
    return Tokens(found.prompt_tokens, found.completion_tokens, found.prompt_tokens + found.completion_tokens)
