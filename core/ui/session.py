"""Who looks at the pages: by the session's cookie, in a demo by the address bar; and what else that holds."""

from enum import StrEnum
from uuid import UUID

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.accounts.person import Person
from core.accounts.sessions import SESSION_COOKIE, Sessions
from core.bootstrap import App
from core.errors import SignedOut
from core.settings import Mode
from core.ui.visit import kept_over_a_change, visit_query, visitor_here

LOOK_AS = "as"
_ANEW = "anew"
_CHANGES = "changes_of_person"
_WHOSE = "whose_page"


class Persona(StrEnum):
    """The demo school's people whom a visitor may be."""

    MEI = "mei"
    ARJUN = "arjun"
    SITI = "siti"

    @property
    def label(self) -> str:
        """Name and role, as the choice shows them."""
        return {"mei": "Mei Tan, form teacher", "arjun": "Arjun Nair, teacher", "siti": "Siti Rahim, admin"}[self]


def person_here(app: App) -> Person:
    """The person whose pages these are, asked anew at each run; raises SignedOut where nobody is signed in."""
    if app.settings.mode is not Mode.PRODUCTION:
        key = persona().value
        return visitor_here(app, key) if app.settings.demo_per_visit else app.people.demo_person(key)
    app.database.check_first(lambda person: _require_still_here(app.sessions, person.staff_id))
    token = session_token()
    person = None if token is None else app.sessions.person(token)
    if person is None:
        raise SignedOut(has_left=token is not None and app.sessions.was_left(token))
    _keep_apart(person)
    return person


def session_token() -> str | None:
    """What the browser's cookie held when this page connected."""
    return st.context.cookies.get(SESSION_COOKIE)


def _require_still_here(sessions: Sessions, staff_id: UUID) -> None:
    """A click's own function and a fragment run before, or without, the page that asks who is here.

    What goes on by itself, as an answer that is being written, belongs to no page and ends by itself.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return
    token = session_token()
    if token is None or not sessions.is_still(staff_id, token):
        raise SignedOut(has_left=token is not None and sessions.was_left(token))


def _keep_apart(person: Person) -> None:
    """A tab that was somebody else's keeps nothing of theirs: what was open, chosen or typed.

    The browser holds some of that itself and lets go of it with what shows it, so the page goes once.
    """
    if st.session_state.setdefault(_WHOSE, person.staff_id) != person.staff_id:
        st.session_state.clear()
        st.query_params.clear()
        raise SignedOut


def persona() -> Persona:
    """Whom the address bar names; the form teacher when it names no one we know."""
    try:
        return Persona(st.query_params.get(LOOK_AS, Persona.MEI))
    except ValueError:
        return Persona.MEI


def forget_unknown_persona() -> None:
    """Take a name that nobody has out of the address, so that no link carries it on."""
    if st.query_params.get(LOOK_AS, Persona.MEI) not in set(Persona):
        del st.query_params[LOOK_AS]


def opens_anew() -> bool:
    """Whether the menu led to the page that was open already; the browser is told of the address that this leaves.

    Streamlit draws such a page without what its address asked for before, but lets the address stand.
    """
    asked = _ANEW in st.query_params
    if asked:
        del st.query_params[_ANEW]
    return asked


def look_as(other: Persona) -> None:
    """Go on as someone else, with nothing left of what the former person had open or chosen."""
    kept = {_CHANGES: changes_of_person() + 1, **kept_over_a_change()}
    st.session_state.clear()
    st.session_state.update(kept)
    st.query_params.from_dict({LOOK_AS: other.value, **visit_query()})


def changes_of_person() -> int:
    """How often this visit went on as someone else."""
    return int(st.session_state.get(_CHANGES, 0))


def menu_query(*, is_here: bool) -> dict[str, str]:
    """Query parameters for the menu's link to a page, which may be the one that is open."""
    return link_query(**{_ANEW: "1"}) if is_here else link_query()


def link_query(**more: str) -> dict[str, str]:
    """Query parameters for a page_link, so that person and school stay the same on the next page."""
    here = {LOOK_AS: st.query_params[LOOK_AS]} if LOOK_AS in st.query_params else {}
    return {**here, **visit_query(), **more}
