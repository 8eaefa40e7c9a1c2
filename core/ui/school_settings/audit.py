"""The section "Audit log": who changed what, newest first."""

from datetime import datetime
from itertools import groupby

import streamlit as st

from core.accounts.audit import A_PAGE, MOST, OPERATOR, AuditPage
from core.accounts.audit_search import AuditSearch
from core.accounts.person import Person
from core.bootstrap import App
from core.ui.formats import counted, local_day
from core.ui.school_settings import audit_address
from core.ui.school_settings.audit_address import forget_everything, read_audit_address
from core.ui.school_settings.audit_file import audit_csv
from core.ui.school_settings.audit_line import day_words, draw_line, draw_open_line
from core.ui.school_settings.audit_toolbar import draw_audit_toolbar

ALL = AuditSearch()


def draw_audit(person: Person, app: App) -> None:
    actors = {str(one): name for one, name in app.administration.audit.actors(person)}
    search = read_audit_address(actors)
    named = {**actors, audit_address.OPERATOR: OPERATOR.capitalize()}
    draw_audit_toolbar(search, named, lambda: _draw_download(person, app, search))
    # Another search begins with its first page.
    key = f"audit_page_{abs(hash(search))}"
    page = app.administration.audit.page(person, search, st.session_state.get(key, 1))
    if not page.lines:
        _draw_nothing(search)
        return
    st.caption(_counted(page))
    _draw_lines(person, page)
    pages = -(-page.count // A_PAGE)
    if pages > 1:
        st.pagination(pages, key=key)


def _draw_lines(person: Person, page: AuditPage) -> None:
    today = datetime.now(person.zone).date()
    for day, lines in groupby(page.lines, lambda one: local_day(one.happened_at, person.zone)):
        with st.container(border=True, gap="small"):
            st.caption(day_words(day, today))
            for line in lines:
                draw_line(line, person.zone)
    draw_open_line(page.lines, person.zone)


def _counted(page: AuditPage) -> str:
    if page.is_more:
        return f"The last {MOST:,} changes; search or choose days to see those before."
    return counted(page.count, "change")


def _draw_nothing(search: AuditSearch) -> None:
    if search == ALL:
        st.info("Nothing was changed yet. What people change stands here from then on.")
        return
    st.info("Nothing like this was done.")
    st.button("Show everything", on_click=forget_everything, icon=":material/filter_list_off:")


def _draw_download(person: Person, app: App, search: AuditSearch) -> None:
    st.download_button(
        "Download CSV",
        lambda: audit_csv(app.administration.audit.everything(person, search), person.zone),
        file_name=f"audit-log-{datetime.now(person.zone).date()}.csv",
        mime="text/csv",
        icon=":material/download:",
        help="All that the search and the filters show, with every change in full.",
        on_click="ignore",
    )
