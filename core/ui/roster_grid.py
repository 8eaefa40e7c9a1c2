"""The class as cards, a page of forty at a time."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.grid_container import GridContainer

from core.photos.board import Card
from core.ui.photo_card import CardActions, draw_card

MOST_CARDS = 40
CARD_PX = 150


def draw_grid(cards: Sequence[Card], actions: CardActions) -> None:
    page = _page(len(cards))
    grid = card_grid()
    for card in cards[(page - 1) * MOST_CARDS : page * MOST_CARDS]:
        with card_box(grid):
            draw_card(card, actions)


def card_grid() -> GridContainer:
    return st.grid("auto", min_column_width=CARD_PX, gap="small")


def card_box(grid: GridContainer) -> DeltaGenerator:
    return grid.container(
        border=True,
        height="stretch",
        horizontal_alignment="center",
        vertical_alignment="distribute",
        gap="xsmall",
    )


def _page(number_of_cards: int) -> int:
    pages = -(-number_of_cards // MOST_CARDS)
    return 1 if pages <= 1 else st.pagination(pages, key=f"roster_page_{pages}")
