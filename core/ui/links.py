"""Links between pages, which keep who looks."""

from uuid import UUID

import streamlit as st

from core.ui.assistant.address import ABOUT
from core.ui.class_photos.address import BATCH
from core.ui.roster_address import CLASS, STUDENT, VIEW, View
from core.ui.session import link_query
from core.ui.usage.address import FEATURE, RANGE
from core.ui.usage.ranges import USUAL, Range
from core.ui.usage.words import PORTRAIT

ROSTER, CLASS_PHOTOS = "pages/1_Student_roster.py", "pages/2_Class_photos.py"
ASSISTANT, USAGE = "pages/3_Assistant.py", "pages/4_Usage.py"
SETTINGS, SECTION, BUDGETS = "pages/5_School_settings.py", "section", "budgets"


def roster_link(label: str, *, icon: str, class_id: UUID | None = None) -> None:
    """To a class's roster, or to the first one's."""
    more = {} if class_id is None else {CLASS: str(class_id)}
    st.page_link(ROSTER, label=label, icon=f":material/{icon}:", query_params=link_query(**more))


def class_photos_link(label: str, *, icon: str, class_id: UUID | None, batch_id: UUID | None = None) -> None:
    """To a class's photos, or to those of one batch."""
    named = {CLASS: class_id, BATCH: batch_id}
    more = {name: str(value) for name, value in named.items() if value is not None}
    st.page_link(CLASS_PHOTOS, label=label, icon=f":material/{icon}:", query_params=link_query(**more))


def student_link(label: str, *, icon: str, class_id: UUID, student_id: UUID) -> None:
    """To one student's drawer on the roster."""
    query = link_query(**{CLASS: str(class_id), STUDENT: str(student_id)})
    st.page_link(ROSTER, label=label, icon=f":material/{icon}:", query_params=query)


def import_link() -> None:
    """To the roster's view that imports a class list."""
    query = link_query(**{VIEW: View.IMPORT.value})
    st.page_link(ROSTER, label="Import class list", icon=":material/upload_file:", query_params=query)


def assistant_link(label: str, *, icon: str, student_id: UUID) -> None:
    """To a new conversation about one student, whom the address names by the id alone."""
    query = link_query(**{ABOUT: str(student_id)})
    st.page_link(ASSISTANT, label=label, icon=f":material/{icon}:", query_params=query)


def prepare_button(student_id: UUID, *, key: str) -> None:
    """The same as a button, in a row of its own."""
    if st.button("Prepare", key=key):
        st.switch_page(ASSISTANT, query_params=link_query(**{ABOUT: str(student_id)}))


def usage_link(label: str, *, days: Range = USUAL, feature: str | None = None) -> None:
    """To what was used in these days, all of it or what one thing was used for."""
    query = {RANGE: days.value} if feature is None else {RANGE: days.value, FEATURE: feature}
    st.page_link(USAGE, label=label, icon=":material/monitoring:", query_params=link_query(**query))


def portraits_usage_link(label: str, *, class_id: UUID) -> None:
    """To what the portraits of one class cost."""
    query = link_query(**{CLASS: str(class_id), FEATURE: PORTRAIT})
    st.page_link(USAGE, label=label, icon=":material/monitoring:", query_params=query)


def budgets_link(label: str) -> None:
    """To the school's settings, for admins."""
    st.page_link(SETTINGS, label=label, icon=":material/savings:", query_params=link_query(**{SECTION: BUDGETS}))
