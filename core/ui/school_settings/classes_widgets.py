"""The fields of the section's forms; their values go along with the click on "Save" and make no run of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

import streamlit as st

from core.errors import RegisterRefused
from core.ui.school_settings.classes_desk import Form

Value = TypeVar("Value")


def line(form: Form, field: str, label: str, value: str | None, longest: int, placeholder: str | None = None) -> None:
    st.text_input(
        label,
        value=value or "",
        max_chars=longest,
        placeholder=placeholder,
        on_change="ignore",
        key=form.key(field),
    )


def choice(form: Form, field: str, label: str, words: Mapping[Value, str], chosen: Value) -> None:
    st.segmented_control(
        label,
        list(words),
        default=chosen,
        format_func=lambda value: f":gray[{words[value]}]",
        key=form.key(field),
        required=True,
        wrap=True,
        on_change="ignore",
    )


def offered(form: Form, field: str, label: str, options: Sequence[str], chosen: str | None) -> None:
    """One of these or another one, or none."""
    known = list(dict.fromkeys([*options, *([chosen] if chosen else [])]))
    st.selectbox(
        label,
        known,
        index=known.index(chosen) if chosen else None,
        accept_new_options=True,
        placeholder="Choose or type",
        on_change="ignore",
        key=form.key(field),
    )


def whole(form: Form, field: str, label: str, value: int | None, least: int, most: int) -> None:
    # What was kept under other rules must still be a value that the field may hold.
    kept = [] if value is None else [value]
    st.number_input(
        label,
        value=value,
        min_value=min(least, *kept, least),
        max_value=max(most, *kept, most),
        step=1,
        placeholder="none",
        on_change="ignore",
        key=form.key(field),
    )


def several(form: Form, field: str, label: str, names: Mapping[UUID, str], placeholder: str) -> None:
    st.multiselect(
        label,
        list(names),
        format_func=lambda one: names[one],
        placeholder=placeholder,
        on_change="ignore",
        key=form.key(field),
    )


def text_in(form: Form, field: str) -> str:
    value = form.value(field)
    return value if isinstance(value, str) else ""


def whole_in(form: Form, field: str) -> int | None:
    value = form.value(field)
    return int(value) if isinstance(value, int | float) else None


def needed_whole_in(form: Form, field: str, what: str) -> int:
    value = whole_in(form, field)
    if value is None:
        raise RegisterRefused(f"{what} is missing. Fill it in and save again.")
    return value


def ids_in(form: Form, field: str) -> list[UUID]:
    value = form.value(field)
    return [one for one in value if isinstance(one, UUID)] if isinstance(value, list | tuple) else []


def buttons(
    form: Form,
    label: str,
    on_save: Callable[[], object],
    on_cancel: Callable[[], None] | None = None,
    *,
    is_within: bool = False,
) -> None:
    """One that is within another form leaves it the main button and the shortcut."""

    def save() -> None:
        on_save()

    with st.container(horizontal=True, gap="small"):
        if is_within:
            st.button(label, key=form.key("save"), on_click=save)
        else:
            st.button(label, key=form.key("save"), type="primary", shortcut="Ctrl+Enter", on_click=save)
        if on_cancel is not None:
            st.button("Cancel", key=form.key("cancel"), on_click=on_cancel)
