"""What each page file calls: set the page up, find out who is here, draw within the boundary."""

from collections.abc import Callable

import streamlit as st

from core.accounts.person import Person, Role
from core.bootstrap import App, current_app
from core.errors import NotAllowed
from core.ui.boundary import guarded
from core.ui.fragment_ends import keep_fragment_ends
from core.ui.frame import EVERYONE, FAVICON, draw_sidebar
from core.ui.importing.desk import put_away_what_is_left
from core.ui.kept_requests import keep_requests
from core.ui.roster_address import forget_moves
from core.ui.roster_kept import let_go_what_was_kept
from core.ui.session import forget_unknown_persona, opens_anew, person_here
from core.ui.session_watch import watch_session
from core.ui.visit import draw_visit_line
from core.ui.work_line import draw_work_line

CLASS_PHOTOS_TITLE = "Class photos"
Body = Callable[[Person, App], None]


def run_page(body: Body, *, title: str, roles: frozenset[Role] = EVERYONE, in_sidebar: Body | None = None) -> None:
    """Draw `body` for the person who is here, or one sentence why not."""
    keep_fragment_ends()
    keep_requests()
    st.set_page_config(page_title=f"{title} · Staffroom", page_icon=FAVICON, layout="wide")
    guarded(lambda: _draw(body, title, roles, in_sidebar))


def _draw(body: Body, title: str, roles: frozenset[Role], in_sidebar: Body | None) -> None:
    app = current_app()
    if opens_anew():
        forget_moves()
    forget_unknown_persona()
    person = person_here(app)
    watch_session(person, app)
    put_away_what_is_left()
    let_go_what_was_kept()
    extra = None if in_sidebar is None else lambda: in_sidebar(person, app)
    draw_sidebar(
        person,
        is_free=app.settings.uses_stand_in,
        here=title,
        sessions=app.sessions,
        extra=extra,
        work=lambda: draw_work_line(person, app.class_photos, tells_the_end=title != CLASS_PHOTOS_TITLE),
    )
    draw_visit_line()
    if person.role not in roles:
        raise NotAllowed("This page is for admins. Ask one of yours, or choose another page.")
    body(person, app)
