"""Which model answers, and how long it thinks."""

from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.settings import ReasoningEffort
from core.ui.formats import money_in_cell
from core.ui.school_settings.choices_desk import Step, draw_steps, field, show_outcome
from core.ui.school_settings.models_words import (
    EFFORTS,
    a_month,
    a_month_in_cell,
    compared,
    end_in_cell,
    end_in_list,
    end_line,
)
from core.ui.text import escape_label
from core.usage.choosable import ChatOption
from core.usage.model_choice import ChatModel
from core.usage.school_models import ModelsView

PART = "chat"
MODEL_PX = 130
WITHOUT = (ReasoningEffort.NONE, ReasoningEffort.OMIT)


def draw_chat(person: Person, app: App, view: ModelsView, today: date) -> None:
    st.markdown("**Answers of the assistant**")
    now = view.chat_option(view.chat.model)
    whose = " · the operator's choice" if view.is_usual_chat else ""
    st.markdown(f"Now **{_named(view.chat)}**, {a_month(now.month_usd)}{whose}")
    with st.container():
        if now.end is not None:
            st.warning(end_line(now.model, now.end, today), icon=":material/event_busy:")
    option = _choose_model(view)
    effort = _choose_effort(view, option)
    chosen = ChatModel(option.model, effort)
    # In places of their own, so that the buttons below stay as they are when one of these comes or goes.
    with st.container():
        _say(app, option, now, chosen, today)
    _draw_buttons(person, app, view, option, chosen)
    show_outcome(PART)
    with st.expander("What all models cost"):
        _draw_table(view)


def _choose_model(view: ModelsView) -> ChatOption:
    options = {one.model: one for one in view.chat_options}
    model = st.selectbox(
        "Model for answers",
        list(options),
        index=list(options).index(view.chat.model),
        format_func=lambda name: _in_list(options[name]),
        key=field("chat_model"),
    )
    return options[model]


def _choose_effort(view: ModelsView, option: ChatOption) -> ReasoningEffort:
    effort = st.segmented_control(
        "Thinking before it answers",
        option.offered.efforts,
        default=option.nearest(view.chat.effort),
        format_func=lambda one: f":gray[{EFFORTS[one]}]",
        key=field(f"chat_effort_{option.model}"),
        required=True,
        wrap=True,
    )
    return ReasoningEffort(effort)


def _say(app: App, option: ChatOption, now: ChatOption, chosen: ChatModel, today: date) -> None:
    about = f" {option.offered.about}" if option.offered.about else ""
    st.markdown(compared(option.month_usd, now.month_usd) + escape_label(about))
    if chosen.effort not in WITHOUT:
        most = app.settings.chat_max_tokens
        st.caption(
            "Thinking is billed as output, which these figures do not hold, and counts towards the "
            f"{most:,} tokens that an answer may have: with much of it an answer may be cut off."
        )
    if option.end is not None and option.model != now.model:
        st.warning(end_line(option.model, option.end, today), icon=":material/event_busy:")


def _draw_buttons(person: Person, app: App, view: ModelsView, option: ChatOption, chosen: ChatModel) -> None:
    models = app.administration.models

    def choose() -> str:
        if chosen == view.chat:
            return f"Nothing was changed. {chosen.model} writes already."
        models.choose_chat(person, chosen.model, chosen.effort, datetime.now(UTC))
        return f"Saved. {chosen.model} writes from the next question on."

    def back() -> str:
        models.use_usual_chat(person)
        return f"Saved. {view.usual.chat.model} writes from the next question on."

    to_chosen = Step(
        f"Use {escape_label(option.model)} for answers", choose, chosen == view.chat or option.may_be_chosen
    )
    to_usual = Step("Back to the operator's choice", back, help=f"{_named(view.usual.chat)}.")
    draw_steps(PART, to_chosen, None if view.is_usual_chat else to_usual)


def _draw_table(view: ModelsView) -> None:
    st.dataframe(
        pd.DataFrame(
            [(one.model, money_in_cell(one.month_usd), end_in_cell(one.end)) for one in view.chat_options],
            columns=["Model", "A month, about", "Ends"],
        ),
        hide_index=True,
        column_config={"Model": st.column_config.TextColumn(width=MODEL_PX)},
    )


def _named(choice: ChatModel) -> str:
    """Safe inside a label."""
    thinking = "" if choice.effort is ReasoningEffort.OMIT else f", thinking: {EFFORTS[choice.effort].lower()}"
    return f"{escape_label(choice.model)}{thinking}"


def _in_list(option: ChatOption) -> str:
    parts = [option.model, a_month_in_cell(option.month_usd), end_in_list(option.end)]
    return " · ".join(part for part in parts if part)
