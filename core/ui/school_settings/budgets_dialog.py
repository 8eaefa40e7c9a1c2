"""The dialog that sets a budget for one or for many, changes one, and asks before it removes one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.errors import BudgetRefused
from core.ui.boundary import guarded, show_uncaught
from core.ui.budget_words import month_name, usd, when, whose
from core.ui.school_settings.budgets_desk import Desk, ask_removal, attempt, close, opened
from core.usage.budget import LEAST_USD, MOST_USD, Budget, BudgetOf, Holder
from core.usage.budgets import month_of, months_from

NEW, CHANGE = "Set a budget", "Change budget"
FIRST_USD = 5.0
_OF = {BudgetOf.SCHOOL: "School", BudgetOf.CLASS: "Classes", BudgetOf.PERSON: "People"}
_MANY = {BudgetOf.CLASS: ("class", "classes"), BudgetOf.PERSON: ("person", "people")}
_KINDS = {False: "Soft", True: "Hard"}
_THEN = (
    "Nothing is refused. Admins are warned at 50, 80 and 100 %.",
    "What does not fit is refused before it is paid. Class photos pause and go on by themselves.",
)


def draw_dialog(person: Person, app: App) -> None:
    """While it is open it is opened anew by each run, since a click inside may need the whole page."""
    desk = opened()
    if desk is not None:
        st.dialog(CHANGE if desk.changing else NEW, on_dismiss=close)(_draw)(person, app)


def _draw(person: Person, app: App) -> None:
    desk = opened()
    if desk is None:
        # Done by the click that brought this run, which is the dialog's alone.
        st.rerun()
    guarded(lambda: _draw_form(person, app, desk))


def _draw_form(person: Person, app: App, desk: Desk) -> None:
    changing = desk.changing
    if changing is not None and desk.is_removing:
        _draw_removal(person, app, desk, changing)
        return
    holders = app.administration.budgets.holders(person) if changing is None else ()
    if changing is None:
        _draw_holders(desk, holders)
    else:
        st.markdown(f"**{whose(changing.holder)}** · {when(changing)}")
    _draw_fields(desk, changing, month_of(person, datetime.now(UTC)))
    if desk.error is not None:
        show_uncaught(desk.error)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Save budget",
            key=desk.key("save"),
            type="primary",
            on_click=lambda: attempt(desk, lambda: _save(person, app, desk, holders)),
        )
        st.button("Cancel", key=desk.key("cancel"), on_click=close)
        if changing is not None:
            st.button(
                "Remove budget",
                key=desk.key("remove"),
                icon=":material/delete:",
                type="tertiary",
                on_click=lambda: ask_removal(desk, asked=True),
            )


def _draw_holders(desk: Desk, holders: Sequence[Holder]) -> None:
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


def _draw_fields(desk: Desk, changing: Budget | None, this_month: date) -> None:
    st.number_input(
        "Amount a month, in US dollars",
        value=float(changing.amount_usd) if changing else FIRST_USD,
        min_value=float(LEAST_USD),
        max_value=float(MOST_USD),
        step=1.0,
        format="%.2f",
        key=desk.key("amount"),
    )
    st.radio(
        "When it is used up",
        list(_KINDS),
        format_func=_KINDS.__getitem__,
        captions=_THEN,
        index=int(changing.hard) if changing else 0,
        key=desk.key("hard"),
    )
    if changing is None:
        st.selectbox(
            "Holds",
            [None, *months_from(this_month)],
            format_func=lambda month: "Every month" if month is None else f"{month_name(month)} only",
            key=desk.key("month"),
        )


def _save(person: Person, app: App, desk: Desk, known: Sequence[Holder]) -> str:
    changing = desk.changing
    amount_usd = _amount(desk.value("amount"))
    holders = [changing.holder] if changing else _chosen(desk, known)
    month = changing.month if changing else desk.value("month")
    app.administration.budgets.set(
        person,
        holders,
        amount_usd=amount_usd,
        hard=desk.value("hard") is True,
        month=month if isinstance(month, date) else None,
        now=datetime.now(UTC),
    )
    return f"Saved. {_whose(holders)} is {usd(amount_usd)} now."


def _amount(typed: object) -> Decimal:
    try:
        return Decimal(str(typed))
    except InvalidOperation as error:
        raise BudgetRefused from error


def _chosen(desk: Desk, known: Sequence[Holder]) -> list[Holder]:
    of = desk.value("of")
    if of not in _MANY:
        return [one for one in known if one.of is BudgetOf.SCHOOL]
    some = desk.value(f"some_{of}")
    wanted = some if isinstance(some, list | tuple) else ()
    is_all = desk.value(f"all_{of}") is True
    return [one for one in known if one.of is of and (is_all or str(one.id) in wanted)]


def _whose(holders: Sequence[Holder]) -> str:
    if len(holders) == 1:
        return whose(holders[0])
    return f"The budget of {len(holders)} {_MANY[holders[0].of][1]}"


def _draw_removal(person: Person, app: App, desk: Desk, budget: Budget) -> None:
    st.markdown(f"**{whose(budget.holder)}, {usd(budget.amount_usd)} {when(budget)}: remove it?**")
    st.write("Nothing is refused or warned of by it from then on. What was spent stays in the reports.")
    if desk.error is not None:
        show_uncaught(desk.error)

    def remove() -> str:
        app.administration.budgets.remove(person, budget.id)
        return f"{whose(budget.holder)} is removed."

    with st.container(horizontal=True, gap="small"):
        st.button("Remove budget", key=desk.key("do"), type="primary", on_click=lambda: attempt(desk, remove))
        st.button("Keep it", key=desk.key("keep"), on_click=lambda: ask_removal(desk, asked=False))
