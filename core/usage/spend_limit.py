"""What a public demo with a real key may spend in all; a school's budgets are another matter."""

from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.errors import DemoSpendLimitReached

# One decision at a time, until the transaction that holds the cost is over.
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('demo spend limit', 7))")
# What came with the made-up school or from the stand-in was never paid.
_SPENT = text(
    """
    select coalesce(sum(coalesce(u.estimated_cost, u.held_cost)), 0)
    from openai_usage as u
    where u.state <> 'released' and not u.request_data ?| array['seeded', 'by_stand_in']
    """
)


def ensure_within(session: Session, *, limit_usd: Decimal, held_usd: Decimal | None) -> None:
    """Raises DemoSpendLimitReached when this call could pass the limit, also when its price is not known."""
    session.execute(_ONE_AT_A_TIME)
    spent = session.scalar(_SPENT) or Decimal(0)
    if held_usd is None or spent + held_usd > limit_usd:
        raise DemoSpendLimitReached
