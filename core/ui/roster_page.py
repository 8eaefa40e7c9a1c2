"""The class list with portraits: toolbar, cards or table, and the drawer of one student."""

from collections.abc import Sequence

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.errors import NotAllowed, UnknownStudent
from core.photos.board import Card
from core.roster.views import ClassSummary
from core.ui import photo_actions
from core.ui.boundary import guarded
from core.ui.formats import level_name, money, window
from core.ui.frame import draw_header
from core.ui.home_classes import counts_line
from core.ui.importing.view import draw_import
from core.ui.links import class_photos_link, portraits_usage_link
from core.ui.photo_card import CardActions
from core.ui.poller import watch
from core.ui.roster_address import VIEW, RosterAddress, View, go_to, read_address, tidy_address
from core.ui.roster_filter import Show, counts
from core.ui.roster_grid import draw_grid
from core.ui.roster_kept import shown_and_kept
from core.ui.roster_table import draw_table
from core.ui.roster_toolbar import draw_choices, draw_class_choice
from core.ui.student_drawer import open_drawer
from core.ui.text import escape_label

TITLE = "Student roster"


def student_roster(person: Person, app: App) -> None:
    tidy_address()
    address = read_address()
    if address.view is View.IMPORT:
        draw_import(person, app)
        return
    classes = app.roster.classes(person)
    if not classes:
        draw_header(TITLE)
        st.info("No class yet. Import a class list to begin.")
        _import_button()
        return
    here = _class_here(classes, address)
    draw_header(TITLE, _summary(here) if here else None, actions=lambda: _actions(here))
    if here is None:
        draw_class_choice(classes, None)
        raise NotAllowed
    _draw_class(person, app, address, classes, here)


def _class_here(classes: Sequence[ClassSummary], address: RosterAddress) -> ClassSummary | None:
    """The class that the address names, the first one where it names none, None where it is not theirs."""
    if address.class_id is None:
        return classes[0]
    return next((one for one in classes if one.id == address.class_id), None)


def _summary(here: ClassSummary) -> str:
    parts = [here.name, level_name(here.level), counts_line(here)]
    return " · ".join(part for part in parts if part)


def _actions(here: ClassSummary | None) -> None:
    _import_button()
    class_photos_link("Class photos", icon="photo_library", class_id=here.id if here else None)


def _import_button() -> None:
    st.button("Import class list", icon=":material/upload_file:", on_click=go_to, args=(VIEW, View.IMPORT))


def _draw_class(
    person: Person, app: App, address: RosterAddress, classes: Sequence[ClassSummary], here: ClassSummary
) -> None:
    cards = app.photos.cards(person, here.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_class_choice(classes, here.id)
        draw_choices(address, counts(cards))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_price(person, app), width="content")
        portraits_usage_link("What they cost", class_id=here.id)
    if address.student_id is None:
        photo_actions.announce_refusal()
    else:
        guarded(lambda: _open(person, app, address, cards))
    _draw_students(person, app, address, here, cards)
    if address.student_id is None and any(card.is_active for card in cards):
        is_at_rest = all(card.is_paused for card in cards if card.is_active)
        watch(cards, lambda: app.photos.cards(person, here.id), is_at_rest=is_at_rest)


def _price(person: Person, app: App) -> str:
    allowance, offer = app.photos.allowance(person), app.photos.offer(person)
    costs = "A portrait is not priced" if offer.cost_usd is None else f"A portrait costs about {money(offer.cost_usd)}"
    per = window(allowance.per_seconds)
    limit = f"You can make {allowance.at_most} {per} here; for more, use Class photos."
    return f"{costs} ({escape_label(f'{offer.choice.model}, {offer.choice.quality}')}). {limit}"


def _open(person: Person, app: App, address: RosterAddress, cards: Sequence[Card]) -> None:
    card = next((card for card in cards if card.student_id == address.student_id), None)
    if card is None:
        raise UnknownStudent
    open_drawer(person, app, card.student_id)


def _draw_students(person: Person, app: App, address: RosterAddress, here: ClassSummary, cards: Sequence[Card]) -> None:
    found = shown_and_kept(cards, address, here.id)
    if not cards:
        st.info("No student is in this class yet. Import its class list to begin.")
    elif not found:
        st.info(_nobody(address, here))
    elif address.view is View.TABLE:
        draw_table(found, app.photos)
    else:
        draw_grid(found, CardActions(person, app.photos))


def _nobody(address: RosterAddress, here: ClassSummary) -> str:
    if address.search:
        return "No student matches the search. Look for another part of the name, or for the number."
    if address.show is Show.TO_CHECK:
        return "Nothing to check."
    return f"Everyone in {escape_label(here.name)} has a photo."
