"""Before a batch: who gets a portrait, who does not and why, at what price and by when."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.views import ClassSummary
from core.ui.class_photos.address import BatchAddress
from core.ui.class_photos.chosen import Wish, chosen_of, draw_choices, wish_of
from core.ui.class_photos.earlier import draw_earlier
from core.ui.class_photos.people import draw_left_out, draw_students
from core.ui.class_photos.price_box import draw_price_box
from core.ui.links import import_link
from core.ui.poller import watch


def draw_before(person: Person, app: App, here: ClassSummary, address: BatchAddress) -> None:
    cards = app.photos.cards(person, here.id)
    if not cards:
        st.info("No student is in this class yet. Import its class list to begin.")
        import_link()
        return
    wish = wish_of(cards, address, chosen_of(cards, address))
    main, aside = st.columns([1.9, 1], gap="medium")
    with main:
        draw_choices(cards, address)
        _draw_people(app, here, wish)
        draw_earlier(person, app.class_photos, here.id)
    with aside:
        draw_price_box(person, app, here, wish)
    if any(card.is_active for card in cards):
        watch(cards, lambda: app.photos.cards(person, here.id))


def _draw_people(app: App, here: ClassSummary, wish: Wish) -> None:
    draw_students(wish, app.photos)
    draw_left_out(wish.plan.left_out, app.photos, here.id)
