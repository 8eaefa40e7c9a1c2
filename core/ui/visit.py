"""A public demo's visit: the id in the address bar, the school behind it, and one line that says what it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App

VISIT = "visit"
_OF_THIS_TAB = "visit_of_this_tab"


@dataclass(frozen=True)
class VisitOfTab:
    """Kept in the session, since the browser's Back, or a run that left earlier, may bring an address without it."""

    id: str
    ends_at: datetime
    follows_another: bool


def visitor_here(app: App, key: str) -> Person:
    """Who looks at the school that the address names, or at a new one; raises NotAllowed or DemoCrowded."""
    kept: VisitOfTab | None = st.session_state.get(_OF_THIS_TAB)
    asked = st.query_params.get(VISIT)
    for visit_id in dict.fromkeys(one for one in (asked, kept and kept.id) if one):
        found = app.visits.visitor(visit_id, key)
        if found is not None:
            follows = kept is not None and kept.id == visit_id and kept.follows_another
            _keep(VisitOfTab(visit_id, found.ends_at, follows))
            return found.person
    return _begun(app, key, follows_another=bool(asked or kept))


def _begun(app: App, key: str, *, follows_another: bool) -> Person:
    visit_id = app.visits.begin()
    if follows_another:
        # What was open or chosen was of the school that is gone.
        st.session_state.clear()
        st.query_params.from_dict({name: value for name, value in st.query_params.items() if name == "as"})
    begun = app.visits.visitor(visit_id, key)
    assert begun is not None
    _keep(VisitOfTab(visit_id, begun.ends_at, follows_another))
    return begun.person


def _keep(visit: VisitOfTab) -> None:
    st.session_state[_OF_THIS_TAB] = visit
    if st.query_params.get(VISIT) != visit.id:
        st.query_params[VISIT] = visit.id


def visit_query() -> dict[str, str]:
    """The part of an address that leads back to this school; empty where all visitors share one."""
    return {VISIT: st.query_params[VISIT]} if VISIT in st.query_params else {}


def kept_over_a_change() -> dict[str, object]:
    """What of the session stays when the visitor goes on as someone else."""
    return {_OF_THIS_TAB: st.session_state[_OF_THIS_TAB]} if _OF_THIS_TAB in st.session_state else {}


def draw_visit_line() -> None:
    """One quiet line over every page of a public demo."""
    visit: VisitOfTab | None = st.session_state.get(_OF_THIS_TAB)
    if visit is not None:
        st.caption(f":material/science: {visit_line(visit, datetime.now(visit.ends_at.tzinfo))}")


def visit_line(visit: VisitOfTab, now: datetime) -> str:
    day = "tomorrow" if visit.ends_at.date() == now.date() + timedelta(days=1) else "today"
    before = "The school at that address is gone, so this is a new one. " if visit.follows_another else ""
    return (
        f"{before}A made-up school for you alone. It starts afresh {day} at "
        f"{visit.ends_at:%H:%M} or earlier. Type nothing real."
    )
