"""What an admin decides for the school, a section at a time."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.frame import draw_header
from core.ui.roster_address import keep_latest_moves
from core.ui.roster_toolbar import change, follow
from core.ui.school_settings.sections import SECTIONS, Section

TITLE = "School settings"
SECTION = "section"
_KEY = "settings_section"


def school_settings(person: Person, app: App) -> None:
    keep_latest_moves()
    draw_header(TITLE, f"{person.school_name} · every change stands in the audit log")
    section = section_here()
    _draw_choice(section)
    section.draw(person, app)


def section_here() -> Section:
    """The one that the address bar names; the first when it names none that we know."""
    asked = st.query_params.get(SECTION)
    found = next((one for one in SECTIONS if one.key == asked), None)
    if found is None and asked is not None:
        del st.query_params[SECTION]
    return found or SECTIONS[0]


def _draw_choice(section: Section) -> None:
    sections = {one.key: one for one in SECTIONS}
    follow(_KEY, section.key)
    st.segmented_control(
        "Section",
        list(sections),
        format_func=lambda key: f":gray[:material/{sections[key].icon}: {sections[key].label}]",
        key=_KEY,
        required=True,
        label_visibility="collapsed",
        on_change=change,
        args=(SECTION, _KEY, SECTIONS[0].key),
    )
