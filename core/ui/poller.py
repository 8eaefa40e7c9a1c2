"""The one thing on a page that looks for news by itself."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

TICK_S = 1.0

Sight = TypeVar("Sight")


def watch(seen: Sight, look: Callable[[], Sight]) -> None:
    """Draw the page again as soon as a look finds something else than what is drawn.

    A page calls this only while there is work; not being called ends it.
    """
    is_drawing = True

    @st.fragment(run_every=TICK_S)
    def tick() -> None:
        if not is_drawing and look() != seen:
            st.rerun()

    tick()
    is_drawing = False
