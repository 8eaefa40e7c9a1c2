"""What is being done to the member in the drawer, and what came of it; it stays until the next click."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

import streamlit as st

from core.errors import AppError
from core.ui.boundary import show_uncaught
from core.ui.school_settings.people_address import close_member
from core.ui.text import escape_label

_DESK = "people_desk"


class Step(StrEnum):
    """What is asked about before it is done."""

    CORRECT = "correct"
    ROLE = "role"
    DEACTIVATE = "deactivate"
    UNLINK = "unlink"


@dataclass(frozen=True)
class Desk:
    """`number` tells one form from the next, so that each starts anew."""

    member_id: UUID
    number: int = 0
    step: Step | None = None
    done: str | None = None
    error: AppError | None = None

    def key(self, field: str) -> str:
        return f"people{self.number}_{field}"


def desk_of(member_id: UUID) -> Desk:
    desk = st.session_state.get(_DESK)
    return desk if isinstance(desk, Desk) and desk.member_id == member_id else Desk(member_id)


def begin(member_id: UUID, step: Step | None) -> None:
    """Open a form, or with None close the one that is open."""
    st.session_state[_DESK] = Desk(member_id, desk_of(member_id).number + 1, step)


def note(member_id: UUID, done: str, error: AppError | None = None) -> None:
    st.session_state[_DESK] = Desk(member_id, desk_of(member_id).number + 1, done=done or None, error=error)


def attempt(member_id: UUID, act: Callable[[], str]) -> None:
    """Do it; what was refused leaves the form open with what was typed. `act` returns the sentence that it is done."""
    try:
        done = act()
    except AppError as error:
        st.session_state[_DESK] = replace(desk_of(member_id), error=error, done=None)
    else:
        note(member_id, done)


def show_outcome(desk: Desk) -> None:
    """The place is always there, so that nothing below it moves on."""
    with st.container():
        if desk.error is not None:
            show_uncaught(desk.error)
        elif desk.done is not None:
            st.success(escape_label(desk.done), icon=":material/check:")


def put_away() -> None:
    st.session_state.pop(_DESK, None)
    close_member()
