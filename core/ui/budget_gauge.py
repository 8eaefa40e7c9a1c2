"""A budget as a bar with words."""

import streamlit as st

from core.ui.budget_words import used_of, whose
from core.usage.budget import BudgetNow, BudgetOf


def draw_gauge(now: BudgetNow) -> None:
    """The reader's own, or the school's for an admin."""
    is_own = now.budget.holder.of is BudgetOf.PERSON
    draw_bar(now, f"{whose(now.budget.holder, reader_is=is_own)}: **{used_of(now)}**")


def draw_bar(now: BudgetNow, words: str) -> None:
    """Full at 100 %, whatever is beyond stands in the words."""
    st.progress(min(1.0, float(now.share)), text=words)
