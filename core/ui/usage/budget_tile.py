"""The tile of the budget: how much of it is used, held and foreseen; absent where none is set."""

import streamlit as st

from core.accounts.person import Person
from core.ui.budget_words import last_day, parts_line, usd, used_of, what_happens, whose
from core.ui.formats import day_and_time
from core.ui.usage.budget_figure import budget_bar
from core.ui.usage.figures import CONFIG
from core.ui.usage.tables import Cell, Table
from core.ui.usage.tile import Tile
from core.usage.budget import BudgetNow, BudgetOf
from core.usage.report import Report


def budget_tile(report: Report, person: Person, theme: str) -> list[Tile]:
    now = report.budget
    if now is None:
        return []

    def draw() -> None:
        st.subheader(used_of(now), anchor=False)
        st.plotly_chart(budget_bar(now), config=CONFIG, key=f"chart_budget_{theme}", alt=finding(now, person))
        st.caption(_below(now))

    title = f"{_title(now, person)}, {now.month:%B}"
    return [Tile(title, _table(title, now, person), draw)]


def _title(now: BudgetNow, person: Person) -> str:
    holder = now.budget.holder
    if holder.of is BudgetOf.SCHOOL:
        return "Budget"
    return "Your budget" if holder.id == person.staff_id else f"Budget of {holder.name}"


def _below(now: BudgetNow) -> str:
    foreseen = f"Forecast for {last_day(now.month)}: {usd(now.forecast_usd)}. " if now.forecast_usd is not None else ""
    held = f"{usd(now.held_usd)} is held for calls under way. " if now.held_usd else ""
    parts = [f"{foreseen}{held}".strip(), what_happens(now.budget)]
    return "  \n".join(part for part in parts if part)


def finding(now: BudgetNow, person: Person) -> str:
    """Without Markdown, as a chart's alt is."""
    is_own = now.budget.holder.id == person.staff_id
    said = f"{whose(now.budget.holder, reader_is=is_own)}: {used_of(now)} used in {now.month:%B}; {parts_line(now)}."
    return said.replace("\\", "")


def _table(title: str, now: BudgetNow, person: Person) -> Table:
    rows: list[tuple[Cell, ...]] = [
        ("Budget in USD", now.amount_usd),
        ("Spent in USD", now.spent_usd),
        ("Held in USD", now.held_usd),
        ("Left in USD", now.left_usd),
        ("Not priced", now.unpriced),
    ]
    if now.forecast_usd is not None:
        rows.append((f"Forecast for {last_day(now.month)} in USD", now.forecast_usd))
    rows += [(f"{mark} % passed", day_and_time(at, person.zone)) for mark, at in sorted(now.passed_at.items())]
    return Table(title, ("Of the budget", "Value"), tuple(rows))
