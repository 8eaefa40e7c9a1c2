"""The class as cards, a page of forty at a time."""

from collections.abc import Sequence

import streamlit as st

from core.photos.board import Card
from core.ui.photo_card import CardActions, draw_card

MOST_CARDS = 40
CARD_PX = 150


def draw_grid(cards: Sequence[Card], actions: CardActions) -> None:
    page = _page(len(cards))
    grid = st.grid("auto", min_column_width=CARD_PX, gap="small")
    for card in cards[(page - 1) * MOST_CARDS : page * MOST_CARDS]:
        with grid.container(
            border=True,
            height="stretch",
            horizontal_alignment="center",
            vertical_alignment="distribute",
            gap="xsmall",
        ):
            draw_card(card, actions)


def _page(number_of_cards: int) -> int:
    pages = -(-number_of_cards // MOST_CARDS)
    return 1 if pages <= 1 else st.pagination(pages, key=f"roster_page_{pages}")
