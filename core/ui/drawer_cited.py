"""The record that was cited, first of all in the drawer; marked it stands among its kind, too, further down."""

from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.drawer_record_desk import records_of
from core.ui.drawer_record_mark import Marked
from core.ui.drawer_record_words import line_of


def draw_cited(person: Person, app: App, student_id: UUID, marked: Marked) -> None:
    """Nothing for one that is gone, or that this person may not read."""
    if marked is None:
        return
    rows = records_of(app.roster.records(person, student_id, [marked.id]), marked.kind)
    for row in rows:
        if row.id == marked.id:
            day, words = line_of(row.entry, person.zone)
            kind = " · ".join(filter(None, [marked.kind.value.capitalize(), day]))
            with st.container(border=True, gap="xsmall", key="cited"):
                st.markdown(f":small[:gray[:material/format_quote: Cited here · {kind}]]")
                st.markdown(words)
