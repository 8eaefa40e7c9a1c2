"""Portraits of a whole class: who gets one and at what price, how it goes, and what came of it."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.class_photos.actions import draw_actions, show_refusal
from core.ui.class_photos.address import read_address, tidy_address
from core.ui.class_photos.before import draw_before
from core.ui.class_photos.finished import draw_finished
from core.ui.class_photos.live import draw_live
from core.ui.class_photos.spot import Spot, spot_of
from core.ui.frame import draw_header
from core.ui.links import import_link

TITLE = "Class photos"
CAPTION = "Make portraits for a whole class. It carries on when you close this page."


def class_photos(person: Person, app: App) -> None:
    tidy_address()
    address = read_address()
    classes = app.roster.classes(person)
    if not classes:
        draw_header(TITLE, CAPTION)
        st.info("No class yet. Import a class list to begin.")
        import_link()
        return
    spot = spot_of(person, app.class_photos, classes, address)
    draw_header(TITLE, CAPTION, actions=lambda: draw_actions(person, app, classes, spot))
    show_refusal()
    _draw(person, app, spot)


def _draw(person: Person, app: App, spot: Spot) -> None:
    if spot.refusal is not None:
        raise spot.refusal
    if spot.batch is not None and spot.batch.is_active:
        draw_live(person, app, spot.batch)
    elif spot.batch is not None:
        draw_finished(person, app, spot.batch)
    elif spot.here is not None:
        draw_before(person, app, spot.here, read_address(app.photos.offer(person).style))
