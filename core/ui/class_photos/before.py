"""Before a batch: who gets a portrait, who does not and why, at what price and by when."""

from collections.abc import Sequence

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.batches.plan import Who
from core.photos.board import Card
from core.photos.prompt import Style
from core.roster.views import ClassSummary
from core.ui.class_photos.address import BatchAddress
from core.ui.class_photos.chosen import Wish, chosen_of, draw_choices, wish_of
from core.ui.class_photos.earlier import draw_earlier
from core.ui.class_photos.people import draw_left_out, draw_students
from core.ui.class_photos.price_box import draw_price_box
from core.ui.links import import_link
from core.ui.poller import watch

TRACK_PX = 300
"""Of three tracks; a screen with less room has one."""


def draw_before(person: Person, app: App, here: ClassSummary, address: BatchAddress) -> None:
    cards = app.photos.cards(person, here.id)
    if not cards:
        st.info("No student is in this class yet. Import its class list to begin.")
        import_link()
        return
    wish = wish_of(cards, address, chosen_of(cards, address))
    _draw_parts(person, app, here, cards, wish, address.usual_style)
    draw_earlier(person, app.class_photos, here.id)
    if any(card.is_active for card in cards):
        is_at_rest = all(card.is_paused for card in cards if card.is_active)
        watch(cards, lambda: app.photos.cards(person, here.id), is_at_rest=is_at_rest)


def _draw_parts(
    person: Person, app: App, here: ClassSummary, cards: Sequence[Card], wish: Wish, usual_style: Style
) -> None:
    """The price stands beside choices and students; where there is no room, before the long list of students.

    Only who ticks them one by one comes to it after them.
    """
    grid = st.grid(3, min_column_width=TRACK_PX, gap=("small", "medium"), dense=True)
    with grid.cell(column_span=2):
        draw_choices(cards, wish, usual_style)

    def draw_people() -> None:
        with grid.cell(column_span=2):
            draw_students(wish, app.photos)
            draw_left_out(wish.plan.left_out, app.photos, here.id)

    def draw_price() -> None:
        with grid.cell(row_span=2):
            draw_price_box(person, app, here, wish)

    for draw in (draw_people, draw_price) if wish.who is Who.CHOSEN else (draw_price, draw_people):
        draw()
