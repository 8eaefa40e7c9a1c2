"""A student's meetings in the drawer: what is planned, and a way to plan one."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.meetings.planning import FARTHEST, StudentMeetings, Upcoming, WhoComes
from core.meetings.service import Meetings, today_of
from core.ui.assistant.screens import is_phone
from core.ui.boundary import show_uncaught
from core.ui.formats import hour_and_minute, local_day
from core.ui.photo_actions import attempt
from core.ui.text import escape_label

USUAL_TIME = time(14, 0)
DAY_PX, TIME_PX, WHO_PX, STEP_S = 150, 110, 250, 300
_REFUSAL = "meeting_refusal"


def draw_meetings(person: Person, app: App, student_id: UUID) -> None:
    """What is planned stands below, where it moves nothing that was clicked; a phone's form would hide it there."""
    found = app.meetings.planned(person, student_id)
    above, form, below = st.container(), st.container(), st.container()
    with form:
        with st.expander("Plan a meeting", icon=":material/event:"):
            _draw_form(person, app.meetings, student_id, found)
        error = st.session_state.get(_REFUSAL)
        if error is not None:
            show_uncaught(error)
    with above if is_phone() else below:
        for meeting in found.upcoming:
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
                _draw_row(person, app.meetings, meeting)


def forget_refusal() -> None:
    st.session_state.pop(_REFUSAL, None)


def _draw_row(person: Person, meetings: Meetings, meeting: Upcoming) -> None:
    st.markdown(f":small[:material/event: {line(person, meeting)}]", width="stretch")
    if meeting.held_by is None:
        st.button(
            "Call off",
            key=f"call_off_{meeting.id.hex}",
            type="tertiary",
            on_click=attempt,
            args=(lambda: meetings.call_off(person, meeting.id),),
            kwargs={"refusal": _REFUSAL},
        )


def line(person: Person, meeting: Upcoming) -> str:
    """Such as "Mon 23 Nov, 14:20 · Rahman bin Ali (father)"."""
    on = local_day(meeting.starts_at, person.zone)
    when = f"{on:%a} {on.day} {on:%b}, {hour_and_minute(meeting.starts_at, person.zone)}"
    who = f"{meeting.guardian} ({meeting.relationship})" if meeting.guardian and meeting.relationship else ""
    parts = [f"Meeting on {when}", who, f"with {meeting.held_by}" if meeting.held_by else ""]
    return escape_label(" · ".join(part for part in parts if part))


def _draw_form(person: Person, meetings: Meetings, student_id: UUID, found: StudentMeetings) -> None:
    today = today_of(person)
    first = today if datetime.now(person.zone).time() < USUAL_TIME else today + timedelta(days=1)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.date_input(
            "Meeting on",
            first,
            min_value=today,
            max_value=today + FARTHEST,
            format="DD/MM/YYYY",
            key=_key("day", student_id),
            width=DAY_PX,
        )
        st.time_input("At", USUAL_TIME, step=STEP_S, key=_key("time", student_id), width=TIME_PX)
        if found.guardians:
            known = {one.id: _named(one) for one in found.guardians}
            st.selectbox(
                "Who comes",
                [None, *known],
                format_func=lambda one: known.get(one, "Not known yet"),
                key=_key("guardian", student_id),
                width=WHO_PX,
            )
        st.button(
            "Plan meeting",
            key="meeting_plan",
            icon=":material/event_available:",
            on_click=_plan,
            args=(person, meetings, student_id),
        )


def _named(one: WhoComes) -> str:
    return f"{one.full_name} ({one.relationship})"


def _plan(person: Person, meetings: Meetings, student_id: UUID) -> None:
    day, at, guardian = (st.session_state.get(_key(what, student_id)) for what in ("day", "time", "guardian"))
    if isinstance(day, date) and isinstance(at, time):
        attempt(lambda: meetings.plan(person, student_id, day, at, guardian), refusal=_REFUSAL)


def _key(what: str, student_id: UUID) -> str:
    return f"meeting_{what}_{student_id.hex}"
