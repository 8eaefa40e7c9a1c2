"""The section "Audit log": who changed what, newest first."""

import streamlit as st

from core.accounts.audit import A_PAGE, AuditLine, AuditSearch
from core.accounts.person import Person
from core.bootstrap import App
from core.ui.formats import counted, day_and_time
from core.ui.text import escape_label


def draw_audit(person: Person, app: App) -> None:
    page = app.administration.audit.page(person, AuditSearch())
    if not page.lines:
        st.info("Nothing was changed yet. What people change stands here from then on.")
        return
    st.caption(f"{counted(page.count, 'change')}, {A_PAGE} a page")
    for line in page.lines:
        _draw(line, person)


def _draw(line: AuditLine, person: Person) -> None:
    with st.container(gap=None):
        st.markdown(f"**{escape_label(line.sentence)}**")
        st.caption(escape_label(f"{line.actor} · {day_and_time(line.happened_at, person.zone)}"))
