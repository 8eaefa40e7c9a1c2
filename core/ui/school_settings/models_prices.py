"""Prices that an admin enters for models without one, so that their use is counted and budgets hold."""

from decimal import Decimal
from typing import Any, Literal

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.settings import ImageQuality
from core.ui.formats import day_and_time
from core.ui.school_settings.choices_desk import attempt, field, lasting, show_outcome
from core.ui.school_settings.models_words import QUALITIES, price_line
from core.ui.text import escape_label
from core.usage.entered_prices import LONGEST_SOURCE, EnteredPrice
from core.usage.school_models import ModelsView

PART = "prices"
LONGEST_MODEL = 100
AMOUNT_PX = 150
CHAT, IMAGE = "answers", "portraits"


def draw_prices(person: Person, app: App, view: ModelsView) -> None:
    st.markdown("**Prices entered by hand**")
    st.caption(
        "A model that is not in the price table can be used once its price stands here. It counts from the next call "
        "on; what was paid before stays as it was."
    )
    with st.container():
        _draw_list(person, app, view)
    with st.expander("Enter a price", key=lasting("enter")):
        _draw_form(person, app)
    show_outcome(PART)


def _draw_list(person: Person, app: App, view: ModelsView) -> None:
    for price in view.prices:
        _draw_price(person, app, price)
    if not view.prices:
        st.markdown("No price was entered yet.")


def _draw_price(person: Person, app: App, price: EnteredPrice) -> None:
    def forget() -> str:
        if price.id is not None:
            app.administration.models.forget_price(person, price.id)
        return f"The price of {price.model} is removed."

    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{escape_label(price.model)}**  \n{price_line(price)}")
            when = day_and_time(price.entered_at, person.zone) if price.entered_at else ""
            st.caption(escape_label(f"{price.source} · {price.entered_by}, {when}"))
        st.button(
            "Remove price", key=field(f"forget_{price.id}"), type="tertiary", on_click=attempt, args=(PART, forget)
        )


def _draw_form(person: Person, app: App) -> None:
    kind = st.segmented_control(
        "What the model is for",
        [CHAT, IMAGE],
        default=CHAT,
        format_func=lambda one: f":gray[{one.capitalize()}]",
        key=lasting("price_kind"),
        required=True,
    )

    def save() -> str:
        typed = _typed_image() if kind == IMAGE else _typed_chat()
        app.administration.models.enter_price(person, typed)
        return f"Saved. {typed.model.strip()} can be chosen now."

    with st.form(lasting(f"price_{kind}"), border=False):
        st.text_input(
            "Model, as its provider spells it", max_chars=LONGEST_MODEL, key=field("price_model"), placeholder="llama-4"
        )
        if kind == IMAGE:
            _draw_image_fields(app)
        else:
            _draw_chat_fields()
        st.text_input(
            "Where the price was read",
            max_chars=LONGEST_SOURCE,
            key=field("price_source"),
            placeholder="The provider's price page, or your contract",
        )
        st.form_submit_button("Save price", key=lasting("save_price"), on_click=attempt, args=(PART, save))


def _draw_chat_fields() -> None:
    st.caption("US dollars for 1M tokens. Without a price from the cache, all input costs the same.")
    with st.container(horizontal=True):
        for name, label in (("input", "In"), ("cached", "In from the cache"), ("output", "Out")):
            _amount(f"price_{name}", label, width=AMOUNT_PX)


def _draw_image_fields(app: App) -> None:
    st.selectbox(
        "Quality",
        list(ImageQuality),
        format_func=QUALITIES.__getitem__,
        key=field("price_quality"),
    )
    _amount("price_image", f"US dollars for one image of {app.settings.image_size.replace('x', ' × ')}")


def _amount(name: str, label: str, *, width: int | Literal["stretch"] = "stretch") -> None:
    """Without bounds: the browser would turn red and keep silent, where saving says the reason."""
    st.number_input(label, value=None, step=0.01, format="%g", key=field(name), width=width)


def _typed_chat() -> EnteredPrice:
    return EnteredPrice(
        model=_text("price_model"),
        source=_text("price_source"),
        input_usd=_figure("price_input"),
        cached_usd=_figure("price_cached"),
        output_usd=_figure("price_output"),
    )


def _typed_image() -> EnteredPrice:
    return EnteredPrice(
        model=_text("price_model"),
        source=_text("price_source"),
        quality=str(st.session_state[field("price_quality")]),
        image_usd=_figure("price_image"),
    )


def _text(name: str) -> str:
    return str(st.session_state[field(name)] or "")


def _figure(name: str) -> Decimal | None:
    value: Any = st.session_state[field(name)]
    return None if value is None else Decimal(str(value))
