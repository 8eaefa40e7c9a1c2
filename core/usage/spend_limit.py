"""What a public demo with a real key may spend in all; a school's budgets are another matter."""

from decimal import Decimal

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.db.tables.usage import UsageRow
from core.db.tables.visits import DemoCost
from core.errors import DemoSpendLimitReached
from core.usage.paid import is_payable

# One decision at a time, until the transaction that holds the cost is over.
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('demo spend limit', 7))")


def ensure_within(session: Session, *, limit_usd: Decimal, held_usd: Decimal | None) -> None:
    """Raises DemoSpendLimitReached when this call could pass the limit, also when its price is not known."""
    session.execute(_ONE_AT_A_TIME)
    cost = func.sum(func.coalesce(UsageRow.estimated_cost, UsageRow.held_cost))
    of_dropped_visits = session.scalar(select(func.sum(DemoCost.cost_usd))) or Decimal(0)
    spent = (session.scalar(select(cost).where(is_payable())) or Decimal(0)) + of_dropped_visits
    if held_usd is None or spent + held_usd > limit_usd:
        raise DemoSpendLimitReached
