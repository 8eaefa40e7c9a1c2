"""Which days, and of whom and what; the address bar is where the choices live."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import streamlit as st

from core.ui.roster_address import CLASS, go_to
from core.ui.roster_toolbar import change, follow
from core.ui.usage.address import FEATURE, FIRST, LAST, MODEL, RANGE, TEACHER, UsageAddress, forget_filters, go_to_days
from core.ui.usage.ranges import LONGEST_DAYS, USUAL, Range
from core.ui.usage.words import feature_name
from core.usage.reading.choices import Choices

LABELS = {TEACHER: "Teacher", CLASS: "Class", FEATURE: "What for", MODEL: "Model"}
EVERYTHING = {TEACHER: "All teachers", CLASS: "All classes", FEATURE: "Everything", MODEL: "All models"}
DAYS_PX = 260
RANGE_KEY, DAYS_KEY = "usage_range", "usage_days"

Options = Mapping[str, Mapping[str, str]]
"""What each filter may be set to, as the address writes it, with its name."""


def options_of(choices: Choices) -> Options:
    """A filter without a choice is left out."""
    found = {
        TEACHER: _by_id(choices.teachers),
        CLASS: _by_id(choices.classes),
        FEATURE: {feature: feature_name(feature) for feature in choices.features},
        MODEL: {model: model for model in choices.models},
    }
    return {name: options for name, options in found.items() if options}


def _by_id(named: Sequence[tuple[UUID, str]]) -> dict[str, str]:
    return {str(one): name for one, name in named}


def draw_toolbar(address: UsageAddress, options: Options, today: date) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        draw_range(address, today)
        _draw_filters(address, options)


def draw_range(address: UsageAddress, today: date) -> None:
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        _draw_ranges(address)
        if address.range is Range.CUSTOM:
            _draw_days(address, today)


def _draw_ranges(address: UsageAddress) -> None:
    follow(RANGE_KEY, address.range)
    st.segmented_control(
        "Days",
        list(Range),
        format_func=lambda one: f":gray[{one.label}]",
        key=RANGE_KEY,
        required=True,
        label_visibility="collapsed",
        on_change=_change_range,
        args=(address,),
    )


def _change_range(address: UsageAddress) -> None:
    """Custom begins with the days that were shown."""
    change(RANGE, RANGE_KEY, USUAL)
    if st.session_state[RANGE_KEY] == Range.CUSTOM:
        go_to_days(address.filters.span.first, address.filters.span.last)
    else:
        go_to(FIRST, "")
        go_to(LAST, "")


def _draw_days(address: UsageAddress, today: date) -> None:
    span = address.filters.span
    # A key per span: a link, a reload and Back show the days that the address names.
    key = f"{DAYS_KEY}_{span.first}_{span.last}"
    st.date_input(
        "First and last day",
        value=(span.first, span.last),
        min_value=min(span.first, date.fromordinal(today.toordinal() - LONGEST_DAYS)),
        max_value=today,
        key=key,
        format="DD/MM/YYYY",
        label_visibility="collapsed",
        width=DAYS_PX,
        on_change=_change_days,
        args=(key,),
    )


def _change_days(key: str) -> None:
    """Once both days are chosen."""
    chosen = st.session_state[key]
    if isinstance(chosen, tuple) and len(chosen) == 2:
        go_to_days(*chosen)


def _draw_filters(address: UsageAddress, options: Options) -> None:
    count = address.filtered_by
    with st.popover(f"Filters ({count})" if count else "Filters", icon=":material/filter_list:", key="filters"):
        for name, named in options.items():
            _draw_filter(name, named)
        if count:
            st.button("Clear filters", on_click=forget_filters, icon=":material/filter_list_off:", width="stretch")


def _draw_filter(name: str, named: Mapping[str, str]) -> None:
    key = f"usage_{name}"
    follow(key, st.query_params.get(name))
    st.selectbox(
        LABELS[name],
        list(named),
        index=None,
        format_func=named.__getitem__,
        key=key,
        placeholder=EVERYTHING[name],
        on_change=lambda: go_to(name, st.session_state[key] or ""),
    )


def filtered_by(options: Options) -> list[str]:
    """The names of what is chosen."""
    return [options[name][st.query_params[name]] for name in options if name in st.query_params]
