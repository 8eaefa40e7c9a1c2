"""How the school's portraits look: the style that is offered first, and the uniform."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.prompt import MOST_UNIFORM_CHARS, Style
from core.ui.drawer_portrait import STYLE_NAMES
from core.ui.school_settings.choices_desk import attempt, field, lasting, show_outcome
from core.usage.school_models import ModelsView

PART = "portraits"


def draw_portraits(person: Person, app: App, view: ModelsView) -> None:
    st.markdown("**How portraits look**")
    style, uniform = field("style"), field("uniform")

    def save() -> str:
        app.administration.models.describe_portraits(
            person, style=Style(st.session_state[style]), uniform=st.session_state[uniform]
        )
        return "Saved. It holds from the next portrait on."

    with st.form(lasting("portraits"), border=False):
        st.segmented_control(
            "Style that is offered first",
            list(Style),
            default=Style(view.style or Style.PHOTO),
            format_func=lambda one: f":gray[{STYLE_NAMES[one]}]",
            key=style,
            required=True,
        )
        st.text_input(
            "Uniform",
            value=view.uniform or "",
            max_chars=MOST_UNIFORM_CHARS,
            placeholder="White shirt with a green collar, dark green skirt or shorts",
            key=uniform,
            help="Goes along with every portrait's request as it stands here. Write nobody's name and no school's.",
        )
        st.form_submit_button("Save how portraits look", key=lasting("save_look"), on_click=attempt, args=(PART, save))
    show_outcome(PART)
