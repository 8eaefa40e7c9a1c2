"""What came of the last change on the page, shown beside its button until the next one."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.errors import AppError
from core.ui.boundary import show_uncaught
from core.ui.text import escape_label

_OUTCOME = "choice_outcome"
# The second click of a double click finds the fields begun anew, and what it would say is not what was done.
_DOUBLE_CLICK_S = 0.8


@dataclass(frozen=True)
class Outcome:
    """`number` tells forms before a change from those after it, which start anew."""

    part: str = ""
    number: int = 0
    done: str | None = None
    error: AppError | None = None
    done_at: float = 0.0


def attempt(part: str, act: Callable[[], str]) -> None:
    """Do it; what was refused leaves the fields as they were typed. `act` returns the sentence that it is done."""
    here = _outcome()
    if here.part == part and here.done is not None and time.monotonic() - here.done_at < _DOUBLE_CLICK_S:
        return
    number = here.number
    try:
        outcome = Outcome(part, number + 1, done=act(), done_at=time.monotonic())
    except AppError as error:
        outcome = Outcome(part, number, error=error)
    st.session_state[_OUTCOME] = outcome


@dataclass(frozen=True)
class Step:
    """A button that changes a choice: `act` returns the sentence that it is done."""

    label: str
    act: Callable[[], str]
    is_possible: bool = True
    help: str | None = None


def draw_steps(part: str, choose: Step, back: Step | None) -> None:
    """To what is chosen above, and back to the operator's where the school has a choice of its own."""
    with st.container(horizontal=True):
        _draw_step(part, f"choose_{part}", choose)
        if back is not None:
            _draw_step(part, f"usual_{part}", back, is_quiet=True)


def _draw_step(part: str, name: str, step: Step, *, is_quiet: bool = False) -> None:
    st.button(
        step.label,
        key=lasting(name),
        type="tertiary" if is_quiet else "secondary",
        help=step.help,
        disabled=not step.is_possible,
        on_click=attempt,
        args=(part, step.act),
    )


def show_outcome(part: str) -> None:
    """The place is always there, so that nothing below it moves on."""
    outcome = _outcome()
    with st.container():
        if outcome.part != part:
            return
        if outcome.error is not None:
            show_uncaught(outcome.error)
        elif outcome.done is not None:
            st.success(escape_label(outcome.done), icon=":material/check:")


def field(name: str) -> str:
    """A field's key, another one after each change."""
    return f"choice{_outcome().number}_{name}"


def lasting(name: str) -> str:
    """The key of a button and of what it stands in: the same after a change, else the clicked one loses the focus."""
    return f"choice_{name}"


def _outcome() -> Outcome:
    outcome = st.session_state.get(_OUTCOME)
    return outcome if isinstance(outcome, Outcome) else Outcome()
