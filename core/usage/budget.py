"""A budget and how much of it is used, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

LEAST_USD, MOST_USD = Decimal("0.01"), Decimal(100000)
MARKS = (50, 80, 100)
"""Percent at which there is a warning."""
WORTH_A_BANNER = 80


class BudgetOf(StrEnum):
    """In the order in which they are asked."""

    SCHOOL = "school"
    CLASS = "class"
    PERSON = "person"


@dataclass(frozen=True)
class Holder:
    """Whose a budget is; `id` is None for the school, `is_over` says that a class is archived or a person has left."""

    of: BudgetOf
    id: UUID | None
    name: str
    is_over: bool = False


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What may be spent in one month, or where `month` is None in each that has none of its own."""

    id: UUID
    holder: Holder
    month: date | None
    amount_usd: Decimal
    hard: bool


@dataclass(frozen=True, kw_only=True)
class BudgetNow:
    """The one that holds this month; neither amount holds what is not priced."""

    budget: Budget
    month: date
    spent_usd: Decimal
    """Settled, of it also what may have been charged and what we counted ourselves."""
    held_usd: Decimal
    """The most that calls under way may cost."""
    unpriced: int
    forecast_usd: Decimal | None = None
    """What the month will have cost at its end, what is held now included; None where it can't be told."""
    passed_at: Mapping[int, datetime] = field(default_factory=dict)
    """When each mark was passed for the first time."""

    @property
    def amount_usd(self) -> Decimal:
        return self.budget.amount_usd

    @property
    def used_usd(self) -> Decimal:
        """What counts: spent and held."""
        return self.spent_usd + self.held_usd

    @property
    def left_usd(self) -> Decimal:
        return max(Decimal(0), self.amount_usd - self.used_usd)

    @property
    def share(self) -> Decimal:
        """1 is all of it; may be more, of a soft one or where a call cost more than was held."""
        return self.used_usd / self.amount_usd

    @property
    def mark(self) -> int:
        """The highest that is passed at this moment, 0 below the first."""
        return max((mark for mark in MARKS if 100 * self.share >= mark), default=0)

    @property
    def is_at_least(self) -> bool:
        return self.unpriced > 0


@dataclass(frozen=True)
class Kept:
    """All that is kept for one holder: what holds this month, and what is set for other months or overruled now."""

    holder: Holder
    now: BudgetNow | None
    others: tuple[Budget, ...]
