"""Earlier portraits of the student, each of which can be shown again."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.board import PhotoVersion
from core.photos.service import StudentPhotos
from core.roster.views import StudentDetails
from core.ui import photo_actions
from core.ui.formats import day_and_time, money
from core.ui.photo_source import photo_source


def draw_earlier(person: Person, app: App, student: StudentDetails, photos: StudentPhotos) -> None:
    # There even when empty: what comes below must keep its place when the first one comes, or what is being typed goes.
    with st.container():
        if photos.earlier:
            _draw_grid(person, app, student, photos)


def _draw_grid(person: Person, app: App, student: StudentDetails, photos: StudentPhotos) -> None:
    st.markdown("**Earlier photos**")
    grid = st.grid(3, min_column_width=100, gap="small")
    for version in photos.earlier:
        with grid.container(gap="xsmall"):
            _draw_version(person, app, student, version)


def _draw_version(person: Person, app: App, student: StudentDetails, version: PhotoVersion) -> None:
    made = day_and_time(version.made_at, person.zone)
    source = photo_source(version.id, picture_of=app.photos.picture)
    st.image(source, width="stretch", alt=f"Earlier AI-generated portrait of {student.full_name}, {made}")
    st.caption(f"{made}  \n{_cost(version)}")
    if student.portraits_allowed:
        st.button(
            "Use this photo",
            key=f"use{version.id.hex}",
            width="stretch",
            wrap=True,
            on_click=photo_actions.use,
            args=(app.photos, person, version.id),
        )


def _cost(version: PhotoVersion) -> str:
    sure = version.cost_source != "possible"
    return money(version.cost_usd) if sure else f"{money(version.cost_usd)}, may have been charged"
