"""Calls that a hard budget has no room for, and budgets that can't be set."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from core.errors.app_error import AppError

FEW_ADMINS = 3


@dataclass(frozen=True)
class NoRoom:
    """Whose budget refused: `of` is school, class or person; `needed_usd` is None where no price is known.

    `is_yours` speaks to whoever asked; what a worker writes down may be read by anyone.
    """

    of: str
    name: str
    is_yours: bool
    amount_usd: Decimal
    left_usd: Decimal
    needed_usd: Decimal | None
    admins: tuple[str, ...]

    @property
    def whose(self) -> str:
        """At the beginning of a sentence."""
        if self.of == "school":
            return "The school's budget"
        return "Your budget" if self.is_yours else f"The budget of {self.name}"

    @property
    def who_can(self) -> str:
        """The admins by name where they are few."""
        if not self.admins or len(self.admins) > FEW_ADMINS:
            return "An admin of the school"
        *others, last = self.admins
        return f"{', '.join(others)} or {last}" if others else last


class BudgetUsedUp(AppError):
    """Refused before anything was sent."""

    code: ClassVar[str] = "budget"

    def __init__(self, no_room: NoRoom) -> None:
        super().__init__(f"{self._why(no_room)} Nothing was sent or paid. {self._way_on(no_room)}")
        self.no_room = no_room

    @property
    def of_many(self) -> str:
        """Of a class's photos, of which some were paid before."""
        return f"{self._why(self.no_room)} {self._way_on(self.no_room)}"

    def _why(self, no_room: NoRoom) -> str:
        needed = f", and this may cost {_usd(no_room.needed_usd)}" if no_room.needed_usd is not None else ""
        left = f"{_usd(no_room.left_usd)} of {_usd(no_room.amount_usd)} is left this month"
        return f"{no_room.whose} has no room for this: {left}{needed}."

    def _way_on(self, no_room: NoRoom) -> str:
        return f"{no_room.who_can} can raise it."


class NotPricedForBudget(BudgetUsedUp):
    """A hard budget can't hold what nobody can price."""

    code = "budget_unpriced"

    def _why(self, no_room: NoRoom) -> str:
        return f"{no_room.whose} allows no call without a known price, and none is known for the model that is set."

    def _way_on(self, no_room: NoRoom) -> str:
        return f"{no_room.who_can} can enter the price, or choose another model."


class BudgetRefused(AppError):
    """What was typed is no budget."""

    code = "budget_refused"
    sentence = "A budget is an amount from $0.01 to $100,000.00 for the school, a class or a person."


class BudgetGone(AppError):
    """Removed meanwhile."""

    code = "budget_gone"
    sentence = "This budget is no longer there. Look at the list again."


def budget_error(told: Mapping[str, Any]) -> BudgetUsedUp:
    """The error for what the database tells of a refusal."""
    needed = told["needed_usd"]
    no_room = NoRoom(
        of=told["of"],
        name=told["name"],
        is_yours=told["is_yours"],
        amount_usd=Decimal(told["amount_usd"]),
        left_usd=Decimal(told["left_usd"]),
        needed_usd=None if needed is None else Decimal(needed),
        admins=tuple(told["admins"] or ()),
    )
    return (NotPricedForBudget if needed is None else BudgetUsedUp)(no_room)


def _usd(amount: Decimal) -> str:
    """In cents, and finer where cents would read as nothing."""
    if 0 < amount < Decimal("0.1"):
        fine = f"{amount:.{1 - amount.adjusted()}f}".rstrip("0")
        return f"${fine:0<4}"
    return f"${amount:,.2f}"
