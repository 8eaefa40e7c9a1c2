"""The budgets, a card for each holder."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

import streamlit as st

from core.ui.budget_gauge import draw_bar
from core.ui.budget_words import kind, parts_line, percent, usd, used_of, when
from core.ui.formats import day_and_time
from core.ui.school_settings.budgets_desk import begin
from core.ui.text import escape_label
from core.usage.budget import LEAST_USD, WORTH_A_BANNER, Budget, BudgetNow, BudgetOf, Holder, Kept

A_PAGE = 20
CARD_PX = 340
_ICONS = {BudgetOf.SCHOOL: "school", BudgetOf.CLASS: "groups", BudgetOf.PERSON: "person"}
_WORDS = {BudgetOf.SCHOOL: "The whole school", BudgetOf.CLASS: "Class", BudgetOf.PERSON: "Person"}
_OVER = {BudgetOf.CLASS: "archived", BudgetOf.PERSON: "has left"}


def draw_cards(kept: Sequence[Kept], zone: ZoneInfo, foresee: Callable[[Sequence[Kept]], Sequence[Kept]]) -> None:
    """`foresee` gives those of one page their forecasts."""
    pages = -(-len(kept) // A_PAGE)
    grid = st.grid(2, min_column_width=CARD_PX)
    place = st.container()
    with place:
        page = 1 if pages <= 1 else st.pagination(pages, key=f"budgets_page_{pages}")
    for one in foresee(kept[(page - 1) * A_PAGE : page * A_PAGE]):
        with grid.container(border=True, height="stretch"):
            _draw_card(one, zone)


def _draw_card(kept: Kept, zone: ZoneInfo) -> None:
    now = kept.now
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False):
        st.markdown(f"**:material/{_ICONS[kept.holder.of]}: {escape_label(kept.holder.name)}** {_badges(now)}")
        if now is not None:
            _draw_act(now.budget)
    if now is None:
        st.caption(f"{_what(kept.holder)}. Nothing is set for this month.")
    else:
        _draw_now(kept.holder, now, zone)
    for other in kept.others:
        _draw_act(other, f"{when(other).capitalize()}: {usd(other.amount_usd)}, {kind(other)}")


def _draw_now(holder: Holder, now: BudgetNow, zone: ZoneInfo) -> None:
    draw_bar(now, f"**{used_of(now, say=_in_cents)}** · {parts_line(now, say=_in_cents)}")
    said = [f"{_what(holder)} · {kind(now.budget)} · {when(now.budget)}"]
    if now.mark in now.passed_at:
        said.append(f"{now.mark} % passed {day_and_time(now.passed_at[now.mark], zone)}")
    st.caption(" · ".join(said))


def _draw_act(budget: Budget, which: str = "") -> None:
    """What may be done with it; `which` tells it from the one that holds now."""
    is_over = budget.holder.is_over
    label, icon = ("Remove", "delete") if is_over else ("Change", "edit")
    if which:
        label, icon = (f"{label} · {which}", icon) if is_over else (which, "event")
    st.button(
        label,
        key=f"budgets_change_{budget.id}",
        icon=f":material/{icon}:",
        type="tertiary",
        wrap=True,
        on_click=begin,
        args=(budget,),
    )


def _in_cents(amount: Decimal) -> str:
    """Safe inside a label."""
    return f"less than {usd(LEAST_USD)}" if 0 < amount < LEAST_USD else usd(amount)


def _what(holder: Holder) -> str:
    return f"{_WORDS[holder.of]}, {_OVER[holder.of]}" if holder.is_over else _WORDS[holder.of]


def _badges(now: BudgetNow | None) -> str:
    if now is None or now.mark < WORTH_A_BANNER:
        return ""
    said = "Used up" if now.share >= 1 else f"{percent(now)} used"
    return f":orange-badge[:material/warning: {said}]"
