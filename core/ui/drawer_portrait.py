"""The portrait at the top of the drawer and what it is."""

from datetime import UTC, datetime

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.errors import StorageAway, StorageRefused
from core.photos.board import LatestJob, PhotoVersion, Standing
from core.photos.mark import SENTENCE
from core.photos.service import StudentPhotos
from core.roster.views import StudentDetails
from core.ui.formats import clock, day_and_time, level_name
from core.ui.photo_card import SILHOUETTE
from core.ui.photo_source import photo_source
from core.ui.photo_states import LOOKS, NOT_ALLOWED
from core.ui.text import escape_label

PORTRAIT_PX, ABOUT_PX = 176, 220
NOT_STORED = {StorageAway.code, StorageRefused.code}
STYLE_NAMES = {"photo": "Photo", "illustrated": "Illustrated"}


def draw_slot(app: App, student: StudentDetails, photos: StudentPhotos) -> None:
    current = photos.current
    with st.container(width=PORTRAIT_PX, height=PORTRAIT_PX, border=False, gap=None):
        if current is not None:
            source = photo_source(current.id, picture_of=app.photos.picture, thumbnail=False)
            st.image(source, width=PORTRAIT_PX, alt=f"AI-generated portrait of {student.full_name}")
        elif photos.job is not None and photos.job.standing is Standing.MAKING:
            st.skeleton(PORTRAIT_PX, width=PORTRAIT_PX)
        else:
            st.image(SILHOUETTE, width=PORTRAIT_PX, alt="No photo yet")


def draw_about(person: Person, student: StudentDetails, photos: StudentPhotos) -> None:
    with st.container(width=ABOUT_PX, gap="xxsmall"):
        st.caption(_places(student))
        if photos.current is not None:
            made = day_and_time(photos.current.made_at, person.zone)
            st.caption(f"Made {made}  \n{STYLE_NAMES.get(photos.current.style, photos.current.style)}")
            st.markdown(_mark(photos.current))
        if not student.portraits_allowed:
            st.markdown(NOT_ALLOWED.badge)
        if photos.job is not None:
            st.markdown(_state(photos.job, person))


def _places(student: StudentDetails) -> str:
    lines = [
        " · ".join(part for part in (name, level_name(student.level), f"no. {number}" if number else None) if part)
        for name, number in student.classes
    ]
    return "  \n".join(map(escape_label, lines))


def _mark(current: PhotoVersion) -> str:
    demo = " :gray-badge[:material/science: Demo]" if current.by_stand_in else ""
    return f":gray-badge[:material/auto_awesome: {SENTENCE}]{demo}"


def _state(job: LatestJob, person: Person) -> str:
    return f"{LOOKS[job.standing].badge}  \n:small[{note(job, person)}]"


def note(job: LatestJob, person: Person) -> str:
    if job.standing is Standing.WAITING:
        return _start(job, person)
    if job.standing is Standing.MAKING:
        # What an operator has to mend stands in the log.
        return StorageAway.sentence if job.error_code in NOT_STORED else "You can close this; it carries on."
    if job.standing is Standing.UNCONFIRMED:
        return unconfirmed_sentence(job.called_at, person)
    return escape_label(job.message or "")


def _start(job: LatestJob, person: Person) -> str:
    if job.is_paused:
        return "Paused with the class's photos"
    if job.starts_at is not None and job.starts_at > datetime.now(UTC):
        return f"Starts at {clock(job.starts_at, person.zone)}"
    return "Starts soon" if job.may_cancel else "Starts in a moment"


def unconfirmed_sentence(called_at: datetime | None, person: Person) -> str:
    at = f" at {clock(called_at, person.zone)}" if called_at else ""
    return f"We sent the request{at} and got no answer. It may have been charged."
