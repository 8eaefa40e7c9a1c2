"""The section "Models": which models answer and draw, and what each choice would cost a month."""

from datetime import UTC, datetime

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.formats import local_day
from core.ui.school_settings.models_chat import draw_chat
from core.ui.school_settings.models_image import draw_image
from core.ui.school_settings.models_portraits import draw_portraits
from core.ui.school_settings.models_prices import draw_prices
from core.ui.school_settings.models_words import use_line

CARD_PX = 340


def draw_models(person: Person, app: App) -> None:
    now = datetime.now(UTC)
    view, today = app.administration.models.view(person, now), local_day(now, person.zone)
    st.caption(use_line(view.use))
    grid = st.grid(2, min_column_width=CARD_PX, gap="medium")
    with grid.container(border=True, height="stretch"):
        draw_chat(person, app, view, today)
    with grid.container(border=True, height="stretch"):
        draw_image(person, app, view, today)
    with grid.container(border=True, height="stretch"):
        draw_portraits(person, app, view)
    with grid.container(border=True, height="stretch"):
        draw_prices(person, app, view)
