"""Budgets in words; everything here is safe inside a label."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from core.ui.formats import money
from core.ui.text import dollars, escape_label
from core.usage.budget import Budget, BudgetNow, BudgetOf, Holder

TEN_CENTS = Decimal("0.1")


def whose(holder: Holder, *, reader_is: bool = False) -> str:
    """At the beginning of a sentence."""
    if holder.of is BudgetOf.SCHOOL:
        return "The school's budget"
    return "Your budget" if reader_is else f"The budget of {escape_label(holder.name)}"


def usd(amount: Decimal) -> str:
    """In cents with thousands, and finer where cents would read as nothing."""
    return money(amount) if 0 < amount < TEN_CENTS else dollars(f"{amount:,.2f}")


def used_of(now: BudgetNow, say: Callable[[Decimal], str] = usd) -> str:
    """Such as "$1.23 of $5.00"; what is held counts as used."""
    # "At least less than" would say nothing, so that is as fine as it is.
    used = f"at least {usd(now.used_usd)}" if now.is_at_least else say(now.used_usd)
    return f"{used} of {usd(now.amount_usd)}"


def parts_line(now: BudgetNow, say: Callable[[Decimal], str] = usd) -> str:
    """What is left, what is held, and where it is heading."""
    found = [_left(now, say)]
    if now.held_usd:
        found.append(f"{say(now.held_usd)} held for calls under way")
    if now.forecast_usd is not None:
        found.append(f"forecast {say(now.forecast_usd)}")
    if now.unpriced:
        found.append(f"{now.unpriced} not priced")
    return " · ".join(found)


def _left(now: BudgetNow, say: Callable[[Decimal], str]) -> str:
    over = now.used_usd - now.amount_usd
    return f"{say(over)} over it" if over > 0 else f"{say(now.left_usd)} left"


def percent(now: BudgetNow) -> str:
    """Never 100 % while there is a rest."""
    return f"{int(100 * now.share):,} %"


def what_happens(budget: Budget) -> str:
    if budget.hard:
        return "At 100 % new paid work is refused before it costs anything."
    return "It refuses nothing; admins are warned at 50, 80 and 100 %."


def kind(budget: Budget) -> str:
    return kind_name(hard=budget.hard)


def kind_name(*, hard: bool) -> str:
    return "hard" if hard else "soft"


def month_name(month: date) -> str:
    return f"{month:%B %Y}"


def when(budget: Budget) -> str:
    return months(budget.month)


def months(month: date | None) -> str:
    return "every month" if month is None else f"{month_name(month)} only"


def last_day(month: date) -> str:
    """Such as "30 November"."""
    return f"{monthrange(month.year, month.month)[1]} {month:%B}"
