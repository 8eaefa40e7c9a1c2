"""The ledger's two last words on an attempt: what it cost, or that nothing was sent."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import cast, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from core.db.tables.usage import UsageRow
from core.usage.prices import Cost, CostSource

LONGEST_MS = 24 * 60 * 60 * 1000
FREE = Cost(Decimal(0), CostSource.REPORTED, {})


@dataclass(frozen=True)
class Tokens:
    """As the provider counted them; None where it did not say."""

    prompt: int | None = None
    completion: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class Settlement:
    """What becomes of a reserved row."""

    cost: Cost
    tokens: Tokens = field(default_factory=Tokens)
    error: str | None = None
    response_data: dict[str, Any] = field(default_factory=dict)
    duration_ms: int | None = None


def settle(session: Session, usage_id: UUID, settlement: Settlement) -> None:
    """Settles a reserved row; a possible or unknown cost gives way to a reported one only, and otherwise stays."""
    may_correct = UsageRow.state == "reserved"
    if settlement.cost.source is CostSource.REPORTED:
        may_correct = may_correct | UsageRow.cost_source.in_((CostSource.POSSIBLE, CostSource.UNPRICED))
    session.execute(
        update(UsageRow)
        .where(UsageRow.id == usage_id, may_correct)
        .values(
            state="settled",
            estimated_cost=settlement.cost.cost_usd,
            cost_source=settlement.cost.source,
            rates=settlement.cost.rates,
            prompt_tokens=settlement.tokens.prompt,
            completion_tokens=settlement.tokens.completion,
            total_tokens=settlement.tokens.total,
            error=settlement.error,
            response_data=settlement.response_data,
            # A reply may turn up weeks later, after a machine was off over the holidays.
            duration_ms=None if settlement.duration_ms is None else min(settlement.duration_ms, LONGEST_MS),
        )
    )


def note_stand_in(session: Session, usage_id: UUID) -> None:
    """The stand-in answers this attempt, so nobody pays for it whatever its row says that it would cost."""
    noted = UsageRow.request_data.op("||")(cast({"by_stand_in": True}, JSONB))
    session.execute(update(UsageRow).where(UsageRow.id == usage_id).values(request_data=noted))


def release(session: Session, usage_id: UUID) -> None:
    """Nothing was sent, or it was surely not billed and will be tried again; may be said twice."""
    still_held = (UsageRow.id == usage_id) & (UsageRow.state == "reserved")
    session.execute(update(UsageRow).where(still_held).values(state="released"))


def possible_cost(session: Session, usage_id: UUID) -> Cost:
    """The held estimate, for a call that may have been charged; unpriced where none was held."""
    held = session.scalar(select(UsageRow.held_cost).where(UsageRow.id == usage_id))
    if held is None:
        return Cost(None, CostSource.UNPRICED, {})
    return Cost(held, CostSource.POSSIBLE, {})
