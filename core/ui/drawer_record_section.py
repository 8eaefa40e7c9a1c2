"""One kind of record in the drawer: its rows, what may be done with them, and the form that is open among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.meetings.records import RecordKind
from core.roster.records.entries import Entry
from core.roster.views import Record
from core.ui.boundary import show_uncaught
from core.ui.drawer_record_desk import RecordForm, close_form, go_to_twin, open_form, remove, save, toggle, twin_of
from core.ui.drawer_record_fields import Surroundings, draw_fields, entry_of
from core.ui.drawer_record_mark import Marked
from core.ui.drawer_record_words import NO_BREAK, NO_DATA, line_of
from core.ui.text import escape_label

SHOWN = 8
DAY_PX = 92
CITED = ":blue-badge[:material/format_quote: cited]"
_ALL = "records_all"


@dataclass(frozen=True)
class Section:
    """What a kind is called here; `add` is the button's label, None where nothing may be added."""

    kind: RecordKind
    title: str
    add: str | None
    may_remove: bool = True


def draw_section(
    person: Person,
    app: App,
    student_id: UUID,
    section: Section,
    rows: Sequence[Record[Entry]],
    marked: Marked,
) -> None:
    form = open_form(student_id)
    rows = _marked_first(rows, section.kind, marked)
    shown = rows if _shows_all(student_id, section.kind) else rows[:SHOWN]
    edited = form.record if form is not None and form.kind is section.kind else None
    shown = [*shown, *(row for row in rows[len(shown) :] if edited is not None and row.id == edited.id)]
    if not rows:
        st.caption(NO_DATA)
    for row in shown:
        is_cited = marked is not None and (row.id, section.kind) == (marked.id, marked.kind)
        _draw_row(person, student_id, section, row, is_cited=is_cited)
        if form is not None and form.is_of(section.kind, row.id):
            _draw_form(person, app, section, form)
    _draw_below(person, app, student_id, section, form, more=len(rows) - len(shown))


def _marked_first(rows: Sequence[Record[Entry]], kind: RecordKind, marked: Marked) -> Sequence[Record[Entry]]:
    if marked is None or marked.kind is not kind:
        return rows
    return sorted(rows, key=lambda row: row.id != marked.id)


def _draw_row(person: Person, student_id: UUID, section: Section, row: Record[Entry], *, is_cited: bool) -> None:
    day, words = line_of(row.entry, person.zone)
    by = f"  \n:small[:gray[{escape_label(row.author)}]]" if row.author and not row.may_change else ""
    said = f"{CITED} **{words}**" if is_cited else words
    with st.container(horizontal=True, gap="small", wrap=False, key=f"record{row.id.hex}"):
        if day is not None:
            st.markdown(f":gray[{day.replace(' ', NO_BREAK)}]", width=DAY_PX)
        st.markdown(said + by, width="stretch")
        if row.may_change:
            st.button(
                ":material/edit:",
                key=f"correct{row.id.hex}",
                type="tertiary",
                help="Correct",
                on_click=toggle,
                args=(student_id, section.kind, row),
            )


def _draw_below(
    person: Person, app: App, student_id: UUID, section: Section, form: RecordForm | None, *, more: int
) -> None:
    if form is not None and form.is_of(section.kind, None):
        _draw_form(person, app, section, form)
    with st.container(horizontal=True, gap="small"):
        if section.add is not None:
            st.button(
                section.add,
                icon=":material/add:",
                key=f"add_{section.kind.value}",
                type="tertiary",
                on_click=toggle,
                args=(student_id, section.kind, None),
            )
        if more > 0 or _shows_all(student_id, section.kind):
            st.button(
                f"Show {more} more" if more > 0 else "Show fewer",
                key=f"all_{section.kind.value}",
                type="tertiary",
                on_click=_show_all,
                args=(student_id, section.kind),
            )


def _draw_form(person: Person, app: App, section: Section, form: RecordForm) -> None:
    around = Surroundings(app.records.now(person), lambda: app.records.names(person, form.student_id))

    def read(form: RecordForm) -> Entry:
        return entry_of(form, around)

    with st.form(form.key("form")):
        draw_fields(form, around)
        if form.error is not None:
            show_uncaught(form.error)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(
                "Save", type="primary", key=form.key("save"), on_click=save, args=(person, app, form, read)
            )
            twin = twin_of(form)
            if twin is not None:
                arguments = (person, app, form, twin, read)
                st.form_submit_button("Correct that one", key=form.key("twin"), on_click=go_to_twin, args=arguments)
            st.form_submit_button("Cancel", key=form.key("cancel"), on_click=close_form)
            if form.record is not None and section.may_remove:
                asked = form.asked_to_remove_at is not None
                st.form_submit_button(
                    "Yes, remove it" if asked else "Remove",
                    type="tertiary",
                    key=form.key("remove"),
                    on_click=remove,
                    args=(person, app, form),
                )


def _shows_all(student_id: UUID, kind: RecordKind) -> bool:
    return (student_id, kind) in st.session_state.get(_ALL, frozenset())


def _show_all(student_id: UUID, kind: RecordKind) -> None:
    """Or fewer again."""
    st.session_state[_ALL] = st.session_state.get(_ALL, frozenset()) ^ {(student_id, kind)}
