"""Links to the roster, which keep who looks."""

from uuid import UUID

import streamlit as st

from core.ui.roster_address import CLASS, VIEW, View
from core.ui.session import link_query

ROSTER = "pages/1_Student_roster.py"


def roster_link(label: str, *, icon: str, class_id: UUID | None = None) -> None:
    """To a class's roster, or to the first one's."""
    more = {} if class_id is None else {CLASS: str(class_id)}
    st.page_link(ROSTER, label=label, icon=f":material/{icon}:", query_params=link_query(**more))


def import_link() -> None:
    """To the roster's view that imports a class list."""
    query = link_query(**{VIEW: View.IMPORT.value})
    st.page_link(ROSTER, label="Import class list", icon=":material/upload_file:", query_params=query)
