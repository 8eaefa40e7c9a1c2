"""The charts' colours by role, as placeholders that Streamlit's page puts its theme's colours in for.

The page does that when a chart is new: one that is there keeps its light until the next click. The module that they
come from is private to Streamlit: a test holds that they exist.
"""

from typing import Final

from streamlit.elements.lib import streamlit_plotly_theme as theme

from core.usage.report import Series

MAIN: Final = theme.CATEGORY_0
OF_SERIES: Final = {
    Series.CHAT: theme.CATEGORY_0,
    Series.BATCH_IMAGE: theme.CATEGORY_1,
    Series.IMAGE: theme.CATEGORY_2,
}
USED: Final = theme.CATEGORY_0
HELD: Final = theme.CATEGORY_1
FORECAST: Final = theme.CATEGORY_2
TRACK: Final = theme.FADED_TEXT_05
TEXT: Final = theme.GRAY_90
GRID: Final = theme.FADED_TEXT_05
BACKGROUND: Final = theme.BG_COLOR
SCALE: Final = (
    theme.SEQUENTIAL_0,
    theme.SEQUENTIAL_1,
    theme.SEQUENTIAL_2,
    theme.SEQUENTIAL_3,
    theme.SEQUENTIAL_4,
    theme.SEQUENTIAL_5,
    theme.SEQUENTIAL_6,
    theme.SEQUENTIAL_7,
    theme.SEQUENTIAL_8,
    theme.SEQUENTIAL_9,
)
