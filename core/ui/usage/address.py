"""What the page shows, kept in the address bar: ids and days, never names."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import streamlit as st

from core.ui.roster_address import CLASS, as_member, as_uuid, go_to, keep_latest_moves
from core.ui.usage.ranges import USUAL, Range, custom_span, span_of
from core.usage.report import Filters

RANGE, FIRST, LAST, VIEW = "range", "from", "to", "view"
TEACHER, FEATURE, MODEL = "teacher", "feature", "model"
FILTERS = (TEACHER, CLASS, FEATURE, MODEL)


class View(StrEnum):
    """The page, and for admins its second one."""

    REPORT = "report"
    INVOICE = "invoice"


@dataclass(frozen=True)
class UsageAddress:
    """The address bar, read; what makes no sense there counts as absent."""

    range: Range
    filters: Filters
    view: View

    @property
    def filtered_by(self) -> int:
        chosen = self.filters
        return sum(one is not None for one in (chosen.staff_id, chosen.class_id, chosen.feature, chosen.model))


def read_address(today: date) -> UsageAddress:
    query = st.query_params
    chosen = as_member(Range, query.get(RANGE), USUAL)
    custom = custom_span(as_day(query.get(FIRST)), as_day(query.get(LAST)), today)
    return UsageAddress(
        range=chosen,
        filters=Filters(
            span=span_of(chosen, today, custom),
            staff_id=as_uuid(query.get(TEACHER)),
            class_id=as_uuid(query.get(CLASS)),
            feature=query.get(FEATURE),
            model=query.get(MODEL),
        ),
        view=as_member(View, query.get(VIEW), View.REPORT),
    )


def tidy_address(today: date, known: Mapping[str, Collection[str]], *, is_admin: bool) -> None:
    """Take out what makes no sense; `known` holds what may be filtered by, as the address writes it."""
    keep_latest_moves()
    for name, makes_sense in _MAKES_SENSE.items():
        if name in st.query_params and not makes_sense(st.query_params[name]):
            del st.query_params[name]
    for name in FILTERS:
        if name in st.query_params and st.query_params[name] not in known.get(name, ()):
            del st.query_params[name]
    if not is_admin and VIEW in st.query_params:
        del st.query_params[VIEW]
    _tidy_days(today)


def _tidy_days(today: date) -> None:
    first, last = (as_day(st.query_params.get(name)) for name in (FIRST, LAST))
    if st.query_params.get(RANGE) != Range.CUSTOM or custom_span(first, last, today) is None:
        for name in (FIRST, LAST):
            if name in st.query_params:
                del st.query_params[name]


def go_to_days(first: date, last: date) -> None:
    go_to(FIRST, first.isoformat())
    go_to(LAST, last.isoformat())


def forget_filters() -> None:
    for name in FILTERS:
        go_to(name, "")


def as_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


_MAKES_SENSE: Mapping[str, Callable[[str], object]] = {
    RANGE: frozenset(Range).__contains__,
    VIEW: frozenset(View).__contains__,
    FIRST: as_day,
    LAST: as_day,
}
