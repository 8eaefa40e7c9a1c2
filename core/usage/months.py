"""What a month costs with a model, at the use that a school made of late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.usage.hand_prices import TokenPrice
from core.usage.prices import estimate_chat

A_MONTH = timedelta(days=30)

# Answers without a count tell nothing of their length.
_USE = text(
    """
    select
        count(*) filter (where u.type = 'chat') as messages,
        sum(u.prompt_tokens) filter (where u.type = 'chat') as prompt_tokens,
        sum(u.completion_tokens) filter (where u.type = 'chat') as completion_tokens,
        count(*) filter (where u.type <> 'chat') as portraits
    from openai_usage as u
    where u.school_id = :school and u.created_at >= :since and u.state = 'settled'
        and case u.type when 'chat' then u.prompt_tokens + u.completion_tokens > 0 else u.error is null end
    """
)


@dataclass(frozen=True)
class ChatUse:
    """Of 30 days; an example where there was none."""

    messages: int
    prompt_tokens: int
    completion_tokens: int
    is_example: bool = False

    @property
    def usual(self) -> dict[str, int]:
        """One message of the usual length."""
        counts = {"prompt_tokens": self.prompt_tokens, "completion_tokens": self.completion_tokens}
        return {name: _rounded(Decimal(count) / self.messages) for name, count in counts.items()}

    def cost(self, model: str, by_hand: TokenPrice | None) -> Decimal | None:
        """None where no price is known; what a provider's cache saves is not counted."""
        one = estimate_chat(model, self.usual, by_hand=by_hand).cost_usd
        return None if one is None else one * self.messages


@dataclass(frozen=True)
class PortraitUse:
    """Of 30 days; an example where there was none."""

    portraits: int
    is_example: bool = False


@dataclass(frozen=True)
class Use:
    chat: ChatUse
    portraits: PortraitUse


EXAMPLE = Use(ChatUse(6000, 6_000_000, 1_050_000, is_example=True), PortraitUse(55, is_example=True))
"""The month of the README."""


def use_of(session: Session, school_id: UUID, now: datetime) -> Use:
    """The last 30 days, made-up calls included."""
    row = session.execute(_USE, {"school": school_id, "since": now - A_MONTH}).one()
    chat = ChatUse(row.messages, row.prompt_tokens, row.completion_tokens) if row.messages else EXAMPLE.chat
    return Use(chat, PortraitUse(row.portraits) if row.portraits else EXAMPLE.portraits)


def _rounded(count: Decimal) -> int:
    return int(count.quantize(Decimal(1), ROUND_HALF_UP))
