"""Budgets for tests of words and pictures."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from core.usage.budget import Budget, BudgetNow, BudgetOf, Holder

NOVEMBER = date(2026, 11, 1)
SCHOOL = Holder(BudgetOf.SCHOOL, None, "North Primary")


def a_budget(
    *,
    amount: str = "10",
    spent: str = "2.80",
    held: str = "0",
    forecast: str | None = None,
    hard: bool = True,
    unpriced: int = 0,
    holder: Holder = SCHOOL,
) -> BudgetNow:
    return BudgetNow(
        budget=Budget(id=UUID(int=7), holder=holder, month=None, amount_usd=Decimal(amount), hard=hard),
        month=NOVEMBER,
        spent_usd=Decimal(spent),
        held_usd=Decimal(held),
        unpriced=unpriced,
        forecast_usd=None if forecast is None else Decimal(forecast),
    )
