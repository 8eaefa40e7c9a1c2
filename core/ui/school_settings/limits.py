"""The section "Limits": how often one person may ask, for all and for single people."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.links import usage_link
from core.ui.school_settings.choices_desk import attempt, lasting, show_outcome
from core.ui.school_settings.limits_exceptions import draw_exceptions
from core.ui.school_settings.limits_fields import draw_fields, rule_in
from core.ui.school_settings.limits_words import BEYOND, TITLES, sentence
from core.usage.limits_by_hand import SchoolLimit

CARD_PX = 290
CAPTION = (
    "Limits spread the work and keep a mistake from becoming expensive. A change holds from the next click on, "
    "also for what is waiting. What may be spent in all is a budget's matter."
)


def draw_limits(person: Person, app: App) -> None:
    view = app.administration.limits.view(person)
    st.caption(CAPTION)
    grid = st.grid(3, min_column_width=CARD_PX, gap="medium")
    for limit in view.limits:
        with grid.container(border=True, height="stretch"):
            _draw_limit(person, app, limit)
    with st.container(border=True):
        draw_exceptions(person, app, view)
    usage_link("See who uses how much now")


def _draw_limit(person: Person, app: App, limit: SchoolLimit) -> None:
    st.markdown(f"**{TITLES[limit.series]}**")
    st.markdown(sentence(limit.series, limit.rule))
    st.caption(BEYOND[limit.series])
    with st.expander("Change this limit", key=lasting(f"open_{limit.series}")):
        _draw_form(person, app, limit)
    show_outcome(limit.series)


def _draw_form(person: Person, app: App, limit: SchoolLimit) -> None:
    limits, series = app.administration.limits, limit.series

    def save() -> str:
        limits.set(person, series, rule_in(series))
        return "Saved. It holds from now on."

    def reset() -> str:
        limits.reset(person, series)
        return "Saved. The usual limit holds from now on."

    with st.form(lasting(f"limit_{series}"), border=False):
        draw_fields(series, limit.rule, limit.bounds)
        st.form_submit_button("Save limit", key=lasting(f"save_{series}"), on_click=attempt, args=(series, save))
    if not limit.is_usual:
        st.caption(f"Usual: {sentence(series, limit.usual)}")
        st.button(
            "Back to the usual limit",
            key=lasting(f"reset_{series}"),
            type="tertiary",
            on_click=attempt,
            args=(series, reset),
        )
