"""The budget that is being set, changed or removed, and what came of it; refused it stays as it was typed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from core.errors import AppError
from core.ui.boundary import show_uncaught
from core.usage.budget import Budget

_DESK, _NUMBER, _DONE = "budgets_desk", "budgets_number", "budgets_done"


@dataclass(frozen=True)
class Desk:
    """`changing` is None for a new one; `number` tells one form from the next."""

    number: int
    changing: Budget | None = None
    is_removing: bool = False
    error: AppError | None = None

    def key(self, field: str) -> str:
        return f"budgets{self.number}_{field}"

    def value(self, field: str) -> object:
        """What the field holds now."""
        return st.session_state.get(self.key(field))


def opened() -> Desk | None:
    desk = st.session_state.get(_DESK)
    return desk if isinstance(desk, Desk) else None


def begin(changing: Budget | None = None) -> None:
    number = st.session_state.get(_NUMBER, 0) + 1
    st.session_state[_NUMBER] = number
    # Of who is gone nothing can be changed any more.
    st.session_state[_DESK] = Desk(number, changing, is_removing=changing is not None and changing.holder.is_over)
    st.session_state.pop(_DONE, None)


def ask_removal(desk: Desk, *, asked: bool) -> None:
    st.session_state[_DESK] = replace(desk, is_removing=asked, error=None)


def close() -> None:
    st.session_state.pop(_DESK, None)


def attempt(desk: Desk, act: Callable[[], str]) -> None:
    """Do it and close the form; `act` returns the sentence that it is done."""
    here = opened()
    if here is None or here.number != desk.number:
        # The second click of a double click: it is done.
        return
    try:
        done = act()
    except AppError as error:
        st.session_state[_DESK] = replace(here, error=error)
        return
    close()
    st.session_state[_DONE] = done


def draw_error(desk: Desk) -> None:
    """The place is always there: buttons below a new element would be made anew and lose the focus."""
    with st.container():
        if desk.error is not None:
            show_uncaught(desk.error)


def draw_done() -> None:
    """Until the next form is opened; its place stays, for the same reason."""
    said = st.session_state.get(_DONE)
    with st.container():
        if isinstance(said, str):
            st.success(said, icon=":material/check:")
