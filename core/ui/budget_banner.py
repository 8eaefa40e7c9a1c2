"""What admins are told of budgets that are nearly or all used up; it goes with the month, or when they are raised."""

from collections.abc import Sequence

import streamlit as st

from core.ui.budget_words import kind, percent, used_of, whose
from core.ui.links import budgets_link
from core.usage.budget import BudgetNow, BudgetOf

MOST_NAMED = 3


def draw_banner(beyond: Sequence[BudgetNow]) -> None:
    """Nothing where no budget has passed 80 %."""
    if not beyond:
        return
    with st.container(border=False, gap="xsmall"):
        st.warning(banner_words(beyond), icon=":material/savings:")
        budgets_link("Look at the budgets")


def banner_words(beyond: Sequence[BudgetNow]) -> str:
    """A line each for the fullest; safe inside a label."""
    fullest = sorted(beyond, key=lambda one: (one.budget.holder.of is not BudgetOf.SCHOOL, -one.share))
    lines = [_line(one) for one in fullest[:MOST_NAMED]]
    more = len(beyond) - MOST_NAMED
    if more > 0:
        lines.append(f"{more} more {'is' if more == 1 else 'are'} beyond 80 %.")
    return "  \n".join(lines)


def _line(one: BudgetNow) -> str:
    said = "is used up" if one.share >= 1 else f"is {percent(one)} used"
    then = "What does not fit is refused." if one.budget.hard else "Nothing is refused."
    return f"**{whose(one.budget.holder)} {said}**: {used_of(one)} this month, {kind(one.budget)}. {then}"
