"""Whom a new budget is for: the school, or some or all of its classes or people."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from core.ui.budget_words import usd, whose
from core.ui.school_settings.budgets_desk import Desk
from core.usage.budget import BudgetOf, Holder, Kept

_OF = {BudgetOf.SCHOOL: "School", BudgetOf.CLASS: "Classes", BudgetOf.PERSON: "People"}
_MANY = {BudgetOf.CLASS: ("class", "classes"), BudgetOf.PERSON: ("person", "people")}


def draw_holders(desk: Desk, holders: Sequence[Holder]) -> None:
    of = st.segmented_control(
        "For",
        list(_OF),
        format_func=lambda one: f":gray[{_OF[one]}]",
        default=BudgetOf.SCHOOL,
        key=desk.key("of"),
        required=True,
    )
    if of not in _MANY:
        st.caption("For everything that is paid for the school, also what belongs to no class.")
        return
    names = {str(one.id): one.name for one in holders if one.of is of}
    one, many = _MANY[of]
    if not st.checkbox(f"All {len(names)} {many}", key=desk.key(f"all_{of}")):
        st.multiselect(
            many.capitalize(),
            list(names),
            format_func=names.__getitem__,
            key=desk.key(f"some_{of}"),
            placeholder=f"Choose {many}",
        )
    st.caption(f"Each {one} gets a budget of this amount, in place of the one that it has for the same month.")


def chosen_holders(desk: Desk, known: Sequence[Holder]) -> list[Holder]:
    of = desk.value("of")
    if of not in _MANY:
        return [one for one in known if one.of is BudgetOf.SCHOOL]
    some = desk.value(f"some_{of}")
    wanted = some if isinstance(some, list | tuple) else ()
    is_all = desk.value(f"all_{of}") is True
    return [one for one in known if one.of is of and (is_all or str(one.id) in wanted)]


def what_is_refused(holders: Sequence[Holder], kept: Sequence[Kept]) -> str:
    """From now on, because this month took as much already; nothing where there is room."""
    meant = {(one.of, one.id) for one in holders}
    over = [
        one
        for one in kept
        if (one.holder.of, one.holder.id) in meant and one.now and one.now.budget.hard and not one.now.left_usd
    ]
    if not over:
        return ""
    which = "It is" if len(holders) == 1 else f"{len(over)} of them {'is' if len(over) == 1 else 'are'}"
    return f"{which} used up already this month: new paid work is refused from now on."


def what_they_have(holders: Sequence[Holder], amount_usd: Decimal) -> str:
    """The beginning of a sentence, safe inside a label."""
    if len(holders) == 1:
        return f"{whose(holders[0])} is {usd(amount_usd)}"
    return f"{len(holders)} {_MANY[holders[0].of][1]} have a budget of {usd(amount_usd)} each"
