"""What a class's photos leave of the budgets that they count to; everything here is safe inside a label."""

from decimal import Decimal

import streamlit as st

from core.accounts.person import Person
from core.photos.batches.service import Price
from core.ui.budget_words import usd, whose
from core.ui.formats import counted
from core.usage.budget import BudgetNow

SCHOOLS = "The school's budget"


def draw_budgets(
    budgets: tuple[BudgetNow, ...], schools_left_usd: Decimal | None, person: Person, price: Price | None, many: int
) -> None:
    """A line each, and a warning for each that it does not fit into; the school's is told a teacher only then."""
    warnings = [warning(one, person, price, many) for one in budgets]
    for one in budgets:
        st.markdown(f":material/savings: {budget_line(one, person, price, many)}")
    if schools_left_usd is not None:
        warnings.append(shortage(SCHOOLS, schools_left_usd, price, many, hard=True))
    for too_little in filter(None, warnings):
        st.warning(too_little)


def budget_line(now: BudgetNow, person: Person, price: Price | None, many: int) -> str:
    """Such as "Your budget: $3.77 of $5.00 left, $3.59 after this", by the upper figure of the price."""
    left = f"{_name(now, person)}: {usd(now.left_usd)} of {usd(now.amount_usd)} left"
    if price is None or not many:
        return left
    return f"{left}, {usd(max(Decimal(0), now.left_usd - price.to_usd))} after this"


def warning(now: BudgetNow, person: Person, price: Price | None, many: int) -> str:
    """Empty where all of it fits."""
    return shortage(_name(now, person), now.left_usd, price, many, hard=now.budget.hard)


def shortage(name: str, left_usd: Decimal, price: Price | None, many: int, *, hard: bool) -> str:
    if not many:
        return ""
    if price is None:
        return f"{name} allows no call without a known price, so the batch will pause at once." if hard else ""
    if price.to_usd <= left_usd:
        return ""
    if not hard:
        return f"{name} will be exceeded. It is a soft one, so nothing is refused."
    fits = int(left_usd / (price.to_usd / many))
    has_room = f"has room for about {fits} of {counted(many, 'portrait')}" if fits else "has no room for a portrait"
    return f"{name} {has_room}. The batch pauses then, and goes on by itself once there is room."


def _name(now: BudgetNow, person: Person) -> str:
    return whose(now.budget.holder, reader_is=now.budget.holder.id == person.staff_id)
