"""Home: who is here and when, my classes, today's meetings, this month's cost, work in progress."""

from datetime import date, datetime, time

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.terms import term_and_week
from core.ui.budget_banner import draw_banner
from core.ui.frame import draw_header
from core.ui.home_classes import draw_classes
from core.ui.home_demo import draw_demo_row
from core.ui.home_meetings import draw_meetings
from core.ui.home_month import draw_month
from core.ui.home_work import draw_work

NOON, EVENING = time(12), time(18)


def home(person: Person, app: App) -> None:
    """The welcome page; the clock is the school's."""
    now = datetime.now(person.zone)
    draw_header(greeting(person.full_name, now.time()), today_line(person, now.date()))
    if person.is_demo:
        draw_demo_row(is_free=app.settings.uses_stand_in)
    draw_banner(app.budgets.beyond(person, now))
    main, aside = st.columns([1.9, 1], gap="medium")
    # Work before what it changes: what ends in between is news, and all is drawn once more.
    with aside:
        above = st.container()
        draw_work(person, app.photos, app.class_photos)
    with above:
        budget = app.budgets.gauge(person, now)
        draw_month(app.usage.month(person, now), now.date(), budget, is_school=person.is_admin)
    with main:
        draw_classes(person, app.roster.classes(person), picture_of=app.photos.picture)
        draw_meetings(person, app.meetings.today(person), app.photos)


def greeting(full_name: str, at: time) -> str:
    part = "morning" if at < NOON else "afternoon" if at < EVENING else "evening"
    return f"Good {part}, {full_name}"


def today_line(person: Person, today: date) -> str:
    """Date, place in the school year, school."""
    day = f"{today:%A} {today.day} {today:%B %Y}"
    parts = [day, term_and_week(today, person.time_zone), person.school_name]
    return " · ".join(part for part in parts if part)
