"""What came of the last change on the page, shown beside its button until the next one."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.errors import AppError
from core.ui.boundary import show_uncaught
from core.ui.text import escape_label

_OUTCOME = "choice_outcome"


@dataclass(frozen=True)
class Outcome:
    """`number` tells forms before a change from those after it, which start anew."""

    part: str = ""
    number: int = 0
    done: str | None = None
    error: AppError | None = None


def attempt(part: str, act: Callable[[], str]) -> None:
    """Do it; what was refused leaves the fields as they were typed. `act` returns the sentence that it is done."""
    number = _outcome().number
    try:
        outcome = Outcome(part, number + 1, done=act())
    except AppError as error:
        outcome = Outcome(part, number, error=error)
    st.session_state[_OUTCOME] = outcome


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
    """A widget's key, another one after each change."""
    return f"choice{_outcome().number}_{name}"


def _outcome() -> Outcome:
    outcome = st.session_state.get(_OUTCOME)
    return outcome if isinstance(outcome, Outcome) else Outcome()
