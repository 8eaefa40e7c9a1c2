"""Which model draws portraits, and how finely."""

from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.settings import ImageQuality
from core.ui.formats import money, money_in_cell
from core.ui.school_settings.choices_desk import Step, draw_steps, field, show_outcome
from core.ui.school_settings.models_words import (
    QUALITIES,
    a_month,
    a_month_in_cell,
    compared,
    end_in_cell,
    end_in_list,
    end_line,
)
from core.ui.text import escape_label
from core.usage.choosable import ImageOption
from core.usage.model_choice import ImageChoice
from core.usage.school_models import ModelsView

PART = "image"
MODEL_PX = 165


def draw_image(person: Person, app: App, view: ModelsView, today: date) -> None:
    st.markdown("**Portraits**")
    now, quality_now = view.image_option(view.image.model), ImageQuality(view.image.quality)
    whose = " · the operator's choice" if view.is_usual_image else ""
    st.markdown(f"Now **{_named(view.image)}**, {a_month(now.month_usd(quality_now))}{whose}")
    with st.container():
        if now.end is not None:
            st.warning(end_line(now.model, now.end, today), icon=":material/event_busy:")
    option = _choose_model(view)
    quality = _choose_quality(view, option)
    # In places of their own, so that the buttons below stay as they are when one of these comes or goes.
    with st.container():
        _say(option, quality, now, quality_now, today)
    _draw_buttons(person, app, view, option, quality)
    show_outcome(PART)
    with st.expander("What all models cost"):
        _draw_table(view)


def _choose_model(view: ModelsView) -> ImageOption:
    options = {one.model: one for one in view.image_options}
    model = st.selectbox(
        "Model for portraits",
        list(options),
        index=list(options).index(view.image.model),
        format_func=lambda name: _in_list(options[name], ImageQuality(view.image.quality)),
        key=field("image_model"),
    )
    return options[model]


def _choose_quality(view: ModelsView, option: ImageOption) -> ImageQuality:
    here = ImageQuality(view.image.quality)
    qualities = option.offered.qualities
    chosen = st.segmented_control(
        "Quality",
        qualities,
        default=here if here in qualities else qualities[0],
        format_func=lambda one: f":gray[{QUALITIES[one]}]",
        key=field(f"image_quality_{option.model}"),
        required=True,
        wrap=True,
    )
    return ImageQuality(chosen)


def _say(option: ImageOption, quality: ImageQuality, now: ImageOption, quality_now: ImageQuality, today: date) -> None:
    each = option.each_usd.get(quality)
    one = f" One portrait costs about {money(each)}." if each is not None else ""
    about = f" {option.offered.about}" if option.offered.about else ""
    st.markdown(compared(option.month_usd(quality), now.month_usd(quality_now)) + one + escape_label(about))
    if option.end is not None and option.model != now.model:
        st.warning(end_line(option.model, option.end, today), icon=":material/event_busy:")


def _draw_buttons(person: Person, app: App, view: ModelsView, option: ImageOption, quality: ImageQuality) -> None:
    models = app.administration.models
    is_now = (option.model, quality.value) == (view.image.model, view.image.quality)

    def choose() -> str:
        if is_now:
            return f"Nothing was changed. {option.model} draws already."
        models.choose_image(person, option.model, quality, datetime.now(UTC))
        return f"Saved. {option.model} draws from the next portrait on, also in classes that are being made."

    def back() -> str:
        models.use_usual_image(person)
        return f"Saved. {view.usual.image.model} draws from the next portrait on."

    to_chosen = Step(f"Use {escape_label(option.model)} for portraits", choose, is_now or option.may_be_chosen(quality))
    to_usual = Step("Back to the operator's choice", back, help=f"{_named(view.usual.image)}.")
    draw_steps(PART, to_chosen, None if view.is_usual_image else to_usual)


def _draw_table(view: ModelsView) -> None:
    rows = [
        (
            one.model,
            QUALITIES[quality],
            money_in_cell(one.month_usd(quality)),
            money_in_cell(one.each_usd.get(quality)),
            end_in_cell(one.end),
        )
        for one in view.image_options
        for quality in one.offered.qualities
    ]
    columns = ["Model", "Quality", "A month, about", "One, about", "Ends"]
    widths = {"Model": st.column_config.TextColumn(width=MODEL_PX), "Quality": st.column_config.TextColumn(width=72)}
    st.dataframe(pd.DataFrame(rows, columns=columns), hide_index=True, column_config=widths)


def _named(choice: ImageChoice) -> str:
    """Safe inside a label."""
    return escape_label(f"{choice.model}, {choice.quality}, {choice.size.replace('x', ' × ')}")


def _in_list(option: ImageOption, quality: ImageQuality) -> str:
    parts = [option.model, a_month_in_cell(option.month_usd(quality)), end_in_list(option.end)]
    return " · ".join(part for part in parts if part)
