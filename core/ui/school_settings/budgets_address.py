"""Which budgets are shown; the address bar is where the choices live."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import streamlit as st

from core.ui.roster_address import as_member
from core.usage.budget import WORTH_A_BANNER, BudgetOf, Kept

SHOW, SEARCH = "budgets", "holder"


class Show(StrEnum):
    """Which budgets are listed."""

    ALL = "all"
    CLASSES = "classes"
    PEOPLE = "people"
    NEARLY = "nearly"

    @property
    def label(self) -> str:
        return {"all": "All", "classes": "Classes", "people": "People", "nearly": "From 80 %"}[self]

    def holds(self, kept: Kept) -> bool:
        if self is Show.NEARLY:
            return kept.now is not None and kept.now.mark >= WORTH_A_BANNER
        wanted = {Show.CLASSES: BudgetOf.CLASS, Show.PEOPLE: BudgetOf.PERSON}.get(self)
        return wanted is None or kept.holder.of is wanted


@dataclass(frozen=True)
class BudgetsAddress:
    """The address bar, read; what makes no sense there counts as absent."""

    show: Show
    search: str


def read_budgets_address() -> BudgetsAddress:
    query = st.query_params
    return BudgetsAddress(as_member(Show, query.get(SHOW), Show.ALL), query.get(SEARCH, "").strip())


def found(kept: Sequence[Kept], address: BudgetsAddress) -> list[Kept]:
    wanted = address.search.casefold()
    return [one for one in kept if address.show.holds(one) and wanted in one.holder.name.casefold()]
