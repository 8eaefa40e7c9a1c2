"""The row that tells a demo's visitor whose eyes they look through."""

import streamlit as st

from core.ui.session import Persona, look_as, persona
from core.ui.text import escape_label

FREE = "Nothing is paid."
PAID = "Portraits and answers cost real money."
CHOICE = "look_as_someone_else"


def draw_demo_row(*, is_free: bool) -> None:
    """What is made up, who one is, and the way to be someone else."""
    here = persona()
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.badge("Demo", icon=":material/science:", color="gray")
        st.markdown(
            f"You are looking at a made-up school as **{escape_label(here.label)}**. {FREE if is_free else PAID}",
            width="stretch",
        )
        st.menu_button(
            "Look as someone else",
            [one for one in Persona if one is not here],
            key=CHOICE,
            icon=":material/switch_account:",
            format_func=lambda one: one.label,
            on_click=lambda: look_as(st.session_state[CHOICE]),
        )
