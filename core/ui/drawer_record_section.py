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
from core.ui.drawer_record_desk import RecordForm, close_form, go_to_twin, open_form, remove, save, start, twin_of
from core.ui.drawer_record_fields import Surroundings, draw_fields, entry_of
from core.ui.drawer_record_mark import Marked
from core.ui.drawer_record_words import NO_BREAK, NO_DATA, line_of
from core.ui.text import escape_label

SHOWN = 8
DAY_PX = 84
# As wide as the drawer lets it be, so that the buttons come below.
WHOLE_PX = 400
SAVE = ":material/check:"
CORRECT = ":gray[:material/edit:]"
CITED = ":blue-badge[:material/format_quote: cited]"
_ALL = "records_all"


@dataclass(frozen=True)
class Section:
    """What a kind is called here; `add` is the button's label, None where nothing may be added."""

    kind: RecordKind
    title: str
    add: str | None
    may_remove: bool = True
    sums: str | None = None


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
    with st.container(gap="xsmall"):
        if section.sums or not rows:
            st.markdown(f":small[{section.sums or f':gray[{NO_DATA}]'}]")
        for row in shown:
            is_cited = marked is not None and (row.id, section.kind) == (marked.id, marked.kind)
            _draw_row(person, app, section, row, student_id, is_cited=is_cited)
    _draw_below(person, app, student_id, section, form, more=len(rows) - len(shown))


def _marked_first(rows: Sequence[Record[Entry]], kind: RecordKind, marked: Marked) -> Sequence[Record[Entry]]:
    if marked is None or marked.kind is not kind:
        return rows
    return sorted(rows, key=lambda row: row.id != marked.id)


def _draw_row(
    person: Person, app: App, section: Section, row: Record[Entry], student_id: UUID, *, is_cited: bool
) -> None:
    form = open_form(student_id)
    edited = form if form is not None and form.is_of(section.kind, row.id) else None
    # What was clicked must keep its place among its siblings, or the focus goes: "Correct" turns into "Save".
    with st.container(
        horizontal=True,
        wrap=edited is not None,
        border=edited is not None,
        gap="small",
        vertical_alignment="center",
        key=f"record{row.id.hex}",
    ):
        with st.container(width="stretch" if edited is None else WHOLE_PX, gap="small"):
            _draw_line(person, row, is_cited=is_cited)
            if edited is not None:
                _draw_fields(person, app, edited)
        if row.may_change:
            with st.container(horizontal=True, width="content" if edited is None else "stretch", gap="small"):
                key = f"correct{row.id.hex}"
                if edited is None:
                    _open_button(CORRECT, key, None, student_id, section, row)
                else:
                    _draw_buttons(person, app, section, edited, key)


def _draw_line(person: Person, row: Record[Entry], *, is_cited: bool) -> None:
    day, words = line_of(row.entry, person.zone)
    said = f"{CITED} **{words}**" if is_cited else words
    by = f"  \n:gray[{escape_label(row.author)}]" if row.author and not row.may_change else ""
    with st.container(horizontal=True, gap="small", wrap=False):
        if day is not None:
            st.markdown(f":small[:gray[{day.replace(' ', NO_BREAK)}]]", width=DAY_PX)
        st.markdown(f":small[{said}{by}]", width="stretch")


def _draw_below(
    person: Person, app: App, student_id: UUID, section: Section, form: RecordForm | None, *, more: int
) -> None:
    added = form if form is not None and form.is_of(section.kind, None) else None
    with st.container(border=added is not None, gap="small", key=f"below_{section.kind.value}"):
        with st.container(gap="small"):
            if added is not None:
                _draw_fields(person, app, added)
        with st.container(horizontal=True, gap="small"):
            key = f"add_{section.kind.value}"
            if added is not None:
                _draw_buttons(person, app, section, added, key)
                return
            if section.add is not None:
                _open_button(section.add, key, ":material/add:", student_id, section, None)
            if more > 0 or _shows_all(student_id, section.kind):
                st.button(
                    f"Show {more} more" if more > 0 else "Show fewer",
                    key=f"all_{section.kind.value}",
                    type="tertiary",
                    on_click=_show_all,
                    args=(student_id, section.kind),
                )


def _open_button(
    label: str, key: str, icon: str | None, student_id: UUID, section: Section, row: Record[Entry] | None
) -> None:
    st.button(
        label,
        icon=icon,
        key=key,
        type="tertiary",
        on_click=start,
        args=(student_id, section.kind, row),
    )


def _draw_fields(person: Person, app: App, form: RecordForm) -> None:
    draw_fields(form, _around(person, app, form))
    if form.error is not None:
        show_uncaught(form.error)


def _draw_buttons(person: Person, app: App, section: Section, form: RecordForm, key: str) -> None:
    def read(form: RecordForm) -> Entry:
        return entry_of(form, _around(person, app, form))

    arguments = (person, app, form, read)
    # Of the type that it had before, for another one would be another button and have no focus.
    st.button("**Save**", icon=SAVE, key=key, type="tertiary", shortcut="Ctrl+Enter", on_click=save, args=arguments)
    twin = twin_of(form)
    if twin is not None:
        st.button(
            "Correct that one", key=form.key("twin"), type="tertiary", on_click=go_to_twin, args=(*arguments, twin)
        )
    st.button("Cancel", key=form.key("cancel"), type="tertiary", on_click=close_form)
    if form.record is not None and section.may_remove:
        label = "Remove" if form.asked_to_remove_at is None else "Yes, remove it"
        st.button(label, key=form.key("remove"), type="tertiary", on_click=remove, args=(person, app, form))


def _around(person: Person, app: App, form: RecordForm) -> Surroundings:
    return Surroundings(app.records.now(person), lambda: app.records.names(person, form.student_id))


def _shows_all(student_id: UUID, kind: RecordKind) -> bool:
    return (student_id, kind) in st.session_state.get(_ALL, frozenset())


def _show_all(student_id: UUID, kind: RecordKind) -> None:
    """Or fewer again."""
    st.session_state[_ALL] = st.session_state.get(_ALL, frozenset()) ^ {(student_id, kind)}
