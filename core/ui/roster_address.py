"""What the roster shows, kept in the address bar so that a link, a reload and Back bring it back."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

import streamlit as st

from core.ui.roster_filter import Show

Choice = TypeVar("Choice", bound=StrEnum)

LATE_S = 1.5
_MOVES = "address_moves"
CLASS, SEARCH, SHOW, VIEW, STUDENT = "class", "q", "show", "view", "student"


class View(StrEnum):
    """What stands under the toolbar."""

    GRID = "grid"
    TABLE = "table"
    IMPORT = "import"


@dataclass(frozen=True)
class RosterAddress:
    """The address bar, read; what makes no sense there counts as absent."""

    class_id: UUID | None
    search: str
    show: Show
    view: View
    student_id: UUID | None


def read_address() -> RosterAddress:
    query = st.query_params
    return RosterAddress(
        class_id=as_uuid(query.get(CLASS)),
        search=query.get(SEARCH, ""),
        show=as_member(Show, query.get(SHOW), Show.ALL),
        view=as_member(View, query.get(VIEW), View.GRID),
        student_id=as_uuid(query.get(STUDENT)),
    )


def tidy_address() -> None:
    """Take out what makes no sense, so that no link or reload carries it on."""
    keep_latest_moves()
    for name, makes_sense in _MAKES_SENSE.items():
        if name in st.query_params and not makes_sense(st.query_params[name]):
            del st.query_params[name]


def go_to(name: str, value: str) -> None:
    """Change one part of the address; an empty value removes it."""
    st.session_state.setdefault(_MOVES, {})[name] = (value, time.monotonic())
    _set(name, value)


def forget_moves() -> None:
    """The page was asked for anew, without what they led to."""
    st.session_state.pop(_MOVES, None)


def keep_latest_moves() -> None:
    """A look for news that left before the browser heard of a move brings the address of before, and would undo it."""
    for name, (value, at) in st.session_state.get(_MOVES, {}).items():
        if time.monotonic() - at < LATE_S and st.query_params.get(name, "") != value:
            _set(name, value)


def _set(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def as_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def as_member(kind: type[Choice], text: str | None, otherwise: Choice) -> Choice:
    return kind(text) if text in set(kind) else otherwise


_MAKES_SENSE: Mapping[str, Callable[[str], object]] = {
    CLASS: as_uuid,
    STUDENT: as_uuid,
    SHOW: frozenset(Show).__contains__,
    VIEW: frozenset(View).__contains__,
}
