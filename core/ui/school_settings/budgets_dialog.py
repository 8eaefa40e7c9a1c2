"""The dialog that sets a budget for one or for many, changes one, and asks before it removes one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.errors import BudgetRefused
from core.ui.boundary import guarded
from core.ui.budget_words import kind_name, months, usd, when, whose
from core.ui.school_settings.budgets_desk import Desk, ask_removal, attempt, close, draw_error, opened
from core.ui.school_settings.budgets_holders import chosen_holders, draw_holders, what_is_refused, what_they_have
from core.usage.budget import Budget, Holder
from core.usage.budgets import month_of, months_from

NEW, CHANGE, REMOVE = "Set a budget", "Change budget", "Remove budget"
FIRST_USD = 5.0
EVERY_MONTH = "Every month"
_KINDS = {False: "Soft", True: "Hard"}
_THEN = (
    "Nothing is refused. Admins are warned at 50, 80 and 100 %.",
    "What does not fit is refused before it is paid. Class photos pause and go on by themselves.",
)


def draw_dialog(person: Person, app: App) -> None:
    """While it is open it is opened anew by each run, since a click inside may need the whole page."""
    desk = opened()
    if desk is not None:
        st.dialog(_title(desk.changing), on_dismiss=close)(_draw)(person, app)


def _title(changing: Budget | None) -> str:
    if changing is None:
        return NEW
    return REMOVE if changing.holder.is_over else CHANGE


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
    # In a place of its own, so that another kind of holder leaves what is below as it is.
    with st.container():
        if changing is None:
            draw_holders(desk, holders)
        else:
            st.markdown(f"**{whose(changing.holder)}** · {when(changing)}")
    _draw_fields(desk, changing, month_of(person, datetime.now(UTC)))
    draw_error(desk)
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
                REMOVE,
                key=desk.key("remove"),
                icon=":material/delete:",
                type="tertiary",
                on_click=lambda: ask_removal(desk, asked=True),
            )


def _draw_fields(desk: Desk, changing: Budget | None, this_month: date) -> None:
    # Without bounds: the browser would turn red and keep silent, where saving says the reason.
    st.number_input(
        "Amount a month, in US dollars",
        value=float(changing.amount_usd) if changing else FIRST_USD,
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
            [EVERY_MONTH, *months_from(this_month)],
            format_func=lambda one: months(one) if isinstance(one, date) else one,
            key=desk.key("month"),
        )


def _save(person: Person, app: App, desk: Desk, known: Sequence[Holder]) -> str:
    changing = desk.changing
    amount_usd = _amount(desk.value("amount"))
    holders = [changing.holder] if changing else chosen_holders(desk, known)
    typed = changing.month if changing else desk.value("month")
    month, hard = typed if isinstance(typed, date) else None, desk.value("hard") is True
    keeping, now = app.administration.budgets, datetime.now(UTC)
    keeping.set(person, holders, amount_usd=amount_usd, hard=hard, month=month, now=now)
    said = f"Saved. {what_they_have(holders, amount_usd)}, {months(month)}, {kind_name(hard=hard)}."
    return f"{said} {what_is_refused(holders, keeping.all(person, now))}".rstrip()


def _amount(typed: object) -> Decimal:
    try:
        return Decimal(str(typed))
    except InvalidOperation as error:
        raise BudgetRefused from error


def _draw_removal(person: Person, app: App, desk: Desk, budget: Budget) -> None:
    st.markdown(f"**{whose(budget.holder)}, {usd(budget.amount_usd)} {when(budget)}: remove it?**")
    st.write("Nothing is refused or warned of by it from then on. What was spent stays in the reports.")
    draw_error(desk)

    def remove() -> str:
        app.administration.budgets.remove(person, budget.id)
        return f"{whose(budget.holder)} is removed."

    with st.container(horizontal=True, gap="small"):
        st.button(REMOVE, key=desk.key("do"), type="primary", on_click=lambda: attempt(desk, remove))
        keep = close if budget.holder.is_over else lambda: ask_removal(desk, asked=False)
        st.button("Keep it", key=desk.key("keep"), on_click=keep)
