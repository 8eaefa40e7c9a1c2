"""What is open over the classes, and what came of the latest click; what was refused stays as it was typed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

import streamlit as st

from core.errors import AppError, ConfirmFirst
from core.ui.boundary import show_uncaught

_NUMBER = "classes_number"
_DONE_AT = "classes_done_at"
_REFUSAL = "classes_refusal"
# The second click of a double click confirms nothing, and hits no button that comes up in the same place.
_DOUBLE_CLICK_S = 0.8


class Slot(StrEnum):
    """The places where one form at a time may be open."""

    DIALOG = "classes_dialog"
    STUDENT = "classes_student"
    GUARDIAN = "classes_guardian"
    PLACE = "classes_place"
    NEW_YEAR = "classes_year_form"


@dataclass(frozen=True)
class Form:
    """`what` is being done, to the row `of` where there is one; `number` tells one form from the next."""

    what: str
    number: int
    of: UUID | None = None
    error: AppError | None = None
    refused_at: float = 0.0
    done: str | None = None

    def key(self, field: str) -> str:
        return f"classes{self.number}_{field}"

    def value(self, field: str) -> object:
        """What the field holds now."""
        return st.session_state.get(self.key(field))


def opened(slot: Slot) -> Form | None:
    form = st.session_state.get(slot)
    return form if isinstance(form, Form) else None


def opened_for(slot: Slot, what: str, of: UUID | None = None) -> Form:
    """The one that is open if it is about this, else a new one."""
    form = opened(slot)
    return form if form is not None and (form.what, form.of) == (what, of) else begin(slot, what, of)


def begin(slot: Slot, what: str, of: UUID | None = None, done: str | None = None) -> Form:
    number = st.session_state.get(_NUMBER, 0) + 1
    st.session_state[_NUMBER] = number
    form = Form(what, number, of, done=done)
    st.session_state[slot] = form
    return form


def start(slot: Slot, what: str, of: UUID | None = None) -> None:
    """As `begin`, by a button that may have come up under the second click of a double click."""
    if not _is_second_click():
        begin(slot, what, of)


def close(slot: Slot) -> None:
    st.session_state.pop(slot, None)


def attempt(slot: Slot, form: Form, act: Callable[[bool], None], *, done: str | None = None) -> bool:
    """Do it and close the form, or with `done` begin it anew with this said; whether it was done.

    `act` gets whether the person confirmed what was asked before.
    """
    here = opened(slot)
    if here is None or here.number != form.number:
        # The second click of a double click: it is done.
        return False
    try:
        _act(here, act)
    except AppError as error:
        st.session_state[slot] = replace(here, error=error, refused_at=time.monotonic(), done=None)
        return False
    st.session_state[_DONE_AT] = time.monotonic()
    close(slot)
    if done is not None:
        begin(slot, form.what, form.of, done)
    return True


def _act(here: Form, act: Callable[[bool], None]) -> None:
    """The same question once more is answered by the same click; another question is asked."""
    try:
        act(False)  # noqa: FBT003 -- a callable has no names
    except ConfirmFirst as question:
        is_asked = str(question) == str(here.error) and time.monotonic() - here.refused_at >= _DOUBLE_CLICK_S
        if not is_asked:
            raise
        act(True)  # noqa: FBT003 -- a callable has no names


def do(act: Callable[[], object]) -> None:
    """What needs no form."""
    if _is_second_click():
        return
    st.session_state.pop(_REFUSAL, None)
    try:
        act()
    except AppError as error:
        st.session_state[_REFUSAL] = error
    else:
        st.session_state[_DONE_AT] = time.monotonic()


def draw_refusal() -> None:
    """Of the latest `do`, until the next one; the place is always there."""
    error = st.session_state.get(_REFUSAL)
    with st.container():
        if error is not None:
            show_uncaught(error)


def _is_second_click() -> bool:
    return bool(time.monotonic() - st.session_state.get(_DONE_AT, 0.0) < _DOUBLE_CLICK_S)


def draw_outcome(form: Form) -> None:
    """The place is always there: buttons below a new element would be made anew and lose the focus."""
    with st.container():
        if form.error is not None:
            show_uncaught(form.error)
        elif form.done is not None:
            st.success(form.done, icon=":material/check:")
