"""Exceptions from the school's limits, each for one person and one kind of work."""

from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.school_settings.choices_desk import attempt, field, lasting, show_outcome
from core.ui.school_settings.limits_fields import draw_fields, rule_in
from core.ui.school_settings.limits_words import TITLES, sentence
from core.ui.text import escape_label
from core.usage.limits_by_hand import LimitsView, PersonalLimit
from core.usage.report import Series

PART = "exceptions"
WHO_PX, WHAT_PX = 300, 200


def draw_exceptions(person: Person, app: App, view: LimitsView) -> None:
    st.markdown("**Exceptions for one person**")
    with st.container():
        _draw_list(person, app, view)
    with st.expander("Add or change an exception", key=lasting("exception_open")):
        _draw_choice(person, app, view)
    show_outcome(PART)


def _draw_list(person: Person, app: App, view: LimitsView) -> None:
    for one in view.exceptions:
        _draw_exception(person, app, one)
    if not view.exceptions:
        st.markdown("The limits above hold for everyone.")


def _draw_exception(person: Person, app: App, one: PersonalLimit) -> None:
    def forget() -> str:
        app.administration.limits.forget(person, one.series, one.staff_id)
        return f"The school's limit holds for {one.full_name} again."

    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        name = escape_label(one.full_name)
        with st.container(width="stretch"):
            st.markdown(f"{TITLES[one.series]}: {sentence(one.series, one.rule, f'**{name}**')}")
        st.button(
            "Remove exception",
            key=field(f"forget_{one.series}_{one.staff_id.hex}"),
            type="tertiary",
            on_click=attempt,
            args=(PART, forget),
        )


def _draw_choice(person: Person, app: App, view: LimitsView) -> None:
    with st.container(horizontal=True):
        who = st.selectbox(
            "Who",
            list(view.members),
            index=None,
            format_func=view.members.__getitem__,
            placeholder="Choose a person",
            key=lasting("exception_who"),
            width=WHO_PX,
        )
        series = st.selectbox(
            "What",
            list(TITLES),
            format_func=TITLES.__getitem__,
            key=lasting("exception_what"),
            width=WHAT_PX,
        )
    if who is None:
        st.caption("Choose a person first.")
        return
    _draw_form(person, app, view, who, Series(series))


def _draw_form(person: Person, app: App, view: LimitsView, who: UUID, series: Series) -> None:
    """Starts with this person's own limit, or else the school's."""
    here = next((one.rule for one in view.exceptions if (one.staff_id, one.series) == (who, series)), None)
    limit, name = view.of(series), f"exception_{series}_{who.hex}"

    def save() -> str:
        app.administration.limits.set(person, series, rule_in(name), staff_id=who)
        return f"Saved for {view.members[who]}. It holds from now on."

    with st.form(lasting("exception"), border=False):
        draw_fields(name, here or limit.rule, limit.bounds)
        st.form_submit_button("Save exception", key=lasting("save_exception"), on_click=attempt, args=(PART, save))
