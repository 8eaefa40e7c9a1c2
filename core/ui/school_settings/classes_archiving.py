"""What follows from putting a class away, before it is done."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.views import OpenClass
from core.ui.school_settings.classes_desk import Form, Slot, attempt, close, draw_outcome
from core.ui.school_settings.classes_widgets import buttons
from core.ui.school_settings.classes_words import WHAT_ARCHIVING_DOES, named, they

PHOTOS = (
    "Photos of this class are being made. What is being made already finishes; the rest is not started "
    "and costs nothing."
)


def draw_archiving(person: Person, app: App, here: OpenClass, form: Form) -> None:
    st.markdown(f"**{named(here.entry)}** is put away. {WHAT_ARCHIVING_DOES}")
    if here.students:
        st.markdown(
            f"{they(len(here.students), 'stays', 'stay')} in it. To take them into the next class, "
            "close this and choose New school year."
        )
    if here.makes_photos:
        st.warning(PHOTOS, icon=":material/photo_library:")
    draw_outcome(form)

    buttons(form, "Archive class", lambda: _archive(person, app, here, form), lambda: close(Slot.DIALOG))


def _archive(person: Person, app: App, here: OpenClass, form: Form) -> None:
    attempt(Slot.DIALOG, form, lambda _: app.administration.classes.archive(person, here.id))
