"""The widgets of a record's form; their values go along with the click on "Save" and make no run of their own."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from core.errors import RecordRefused
from core.roster.records.fields import LONGEST_TEXT
from core.ui.drawer_record_desk import RecordForm
from core.ui.drawer_record_words import word

TEXT_PX = 112


def choice(form: RecordForm, field: str, label: str, options: Sequence[str], chosen: str | None) -> None:
    st.segmented_control(
        label,
        options,
        default=chosen,
        format_func=lambda value: f":gray[{word(value)}]",
        key=form.key(field),
        wrap=True,
        on_change="ignore",
    )


def name(
    form: RecordForm,
    field: str,
    label: str,
    offered: Sequence[str],
    chosen: str | None,
    format_func: Callable[[Any], str] = str,
) -> None:
    options = list(dict.fromkeys([*offered, *([chosen] if chosen else [])]))
    st.selectbox(
        label,
        options,
        index=options.index(chosen) if chosen else None,
        format_func=format_func,
        key=form.key(field),
        accept_new_options=True,
        on_change="ignore",
        placeholder="Choose or type",
    )


def day(
    form: RecordForm,
    field: str,
    label: str,
    chosen: date | None,
    earliest: Callable[[date], date],
    today: date,
) -> None:
    # A day that was kept under other rules must still be one that the field may hold.
    kept = [chosen] if chosen else []
    st.date_input(
        label,
        value=chosen,
        min_value=min([earliest(today), *kept]),
        max_value=max([today, *kept]),
        format="DD/MM/YYYY",
        on_change="ignore",
        key=form.key(field),
    )


def line(form: RecordForm, field: str, label: str, value: str, longest: int) -> None:
    st.text_input(label, value=value, max_chars=longest, on_change="ignore", key=form.key(field))


def text(form: RecordForm, field: str, label: str, value: str) -> None:
    st.text_area(label, value=value, max_chars=LONGEST_TEXT, height=TEXT_PX, on_change="ignore", key=form.key(field))


def figure(
    form: RecordForm, field: str, label: str, value: Decimal | None, at_most: Decimal, placeholder: str = ""
) -> None:
    st.number_input(
        label,
        value=None if value is None else float(value),
        min_value=0.0,
        max_value=float(at_most),
        step=0.5,
        format="%g",
        placeholder=placeholder,
        on_change="ignore",
        key=form.key(field),
    )


def text_in(form: RecordForm, field: str) -> str:
    value = form.value(field)
    return value if isinstance(value, str) else ""


def day_in(form: RecordForm, field: str, what: str) -> date:
    value = form.value(field)
    if not isinstance(value, date):
        raise RecordRefused(f"{what} is missing. Choose one and save again.")
    return value


def figure_in(form: RecordForm, field: str) -> Decimal | None:
    value = form.value(field)
    return Decimal(str(value)) if isinstance(value, int | float) else None
