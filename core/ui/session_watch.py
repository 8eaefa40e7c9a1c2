"""Takes a page away from whoever was taken out of the school, or signed out elsewhere, while it stands open."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.settings import Mode
from core.ui.session import session_token

LOOK_EVERY_S = 20.0


def watch_session(person: Person, app: App) -> None:
    """Looking makes no session younger; one that merely ran out leaves the page, and what is typed there, as it is."""
    if app.settings.mode is not Mode.PRODUCTION:
        return
    is_drawing = True

    @st.fragment(run_every=LOOK_EVERY_S)
    def tick() -> None:
        if not is_drawing and _is_another_matter(person, app):
            st.rerun()

    tick()
    is_drawing = False


def _is_another_matter(person: Person, app: App) -> bool:
    token = session_token()
    if token is None:
        return True
    now = app.sessions.person(token, is_seen=False)
    return app.sessions.was_ended(token) if now is None else now != person
