"""One kind of record in the drawer: its rows, what may be done with them, and the form that is open among them."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from core.meetings.records import RecordKind
from core.roster.records.entries import Entry
from core.roster.views import Record
from core.ui.drawer_record_desk import RecordForm, open_form, start
from core.ui.drawer_record_form import Section, draw_buttons, draw_form
from core.ui.drawer_record_mark import Marked
from core.ui.drawer_record_words import NO_BREAK, NO_DATA, line_of, name_of
from core.ui.text import escape_label

SHOWN = 8
DAY_PX = 84
# As wide as the drawer lets it be, so that the buttons come below.
WHOLE_PX = 400
CITED = ":blue-badge[:material/format_quote: cited]"
# An image, since an icon would be called "edit icon" in every row.
PENCIL = "app/static/pencil.svg"
_ALL = "records_all"


def draw_section(section: Section, rows: Sequence[Record[Entry]], marked: Marked) -> None:
    form = open_form(section.student_id)
    form = form if form is not None and form.kind is section.kind else None
    rows = _marked_first(rows, section.kind, marked)
    shown = rows if _shows_all(section) else rows[:SHOWN]
    with st.container(gap="xsmall"):
        if section.sums or not rows:
            st.markdown(f":small[{section.sums or f':gray[{NO_DATA}]'}]")
        for row in _with_open(shown, form):
            is_cited = marked is not None and (row.id, section.kind) == (marked.id, marked.kind)
            _draw_row(section, row, form, is_cited=is_cited)
    show_all = None if len(rows) <= SHOWN else f"Show all {len(rows)}" if len(shown) < len(rows) else "Show fewer"
    _draw_below(section, form, show_all)


def _marked_first(rows: Sequence[Record[Entry]], kind: RecordKind, marked: Marked) -> Sequence[Record[Entry]]:
    if marked is None or marked.kind is not kind:
        return rows
    return sorted(rows, key=lambda row: row.id != marked.id)


def _with_open(rows: Sequence[Record[Entry]], form: RecordForm | None) -> Sequence[Record[Entry]]:
    """What is being corrected stays, with what was typed, also where somebody removed it meanwhile."""
    edited = form.record if form is not None else None
    return rows if edited is None or any(row.id == edited.id for row in rows) else [*rows, edited]


def _draw_row(section: Section, row: Record[Entry], form: RecordForm | None, *, is_cited: bool) -> None:
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
            _draw_line(section, row, is_cited=is_cited)
            if edited is not None:
                draw_form(section, edited)
        if row.may_change:
            with st.container(horizontal=True, width="content" if edited is None else "stretch", gap="small"):
                key = f"correct{row.id.hex}"
                if edited is None:
                    label = f"![Correct {name_of(row.entry, section.person.zone)}]({PENCIL})"
                    _start_button(section, label, key, row)
                else:
                    draw_buttons(section, edited, key)


def _draw_line(section: Section, row: Record[Entry], *, is_cited: bool) -> None:
    day, words = line_of(row.entry, section.person.zone)
    said = f"{CITED} **{words}**" if is_cited else words
    by = f"  \n:gray[{escape_label(row.author)}]" if row.author and not row.may_change else ""
    with st.container(horizontal=True, gap="small", wrap=False):
        if day is not None:
            st.markdown(f":small[:gray[{day.replace(' ', NO_BREAK)}]]", width=DAY_PX)
        st.markdown(f":small[{said}{by}]", width="stretch")


def _draw_below(section: Section, form: RecordForm | None, show_all: str | None) -> None:
    added = form if form is not None and form.record is None else None
    with st.container(border=added is not None, gap="small", key=f"below_{section.kind.value}"):
        with st.container(gap="small"):
            if added is not None:
                draw_form(section, added)
        with st.container(horizontal=True, gap="small"):
            key = f"add_{section.kind.value}"
            if added is not None:
                draw_buttons(section, added, key)
                return
            if section.add is not None:
                _start_button(section, section.add, key, None)
            if show_all is not None:
                arguments = (section.student_id, section.kind)
                st.button(
                    show_all, key=f"all_{section.kind.value}", type="tertiary", on_click=_show_all, args=arguments
                )


def _start_button(section: Section, label: str, key: str, row: Record[Entry] | None) -> None:
    st.button(
        label,
        icon=":material/add:" if row is None else None,
        key=key,
        type="tertiary",
        on_click=start,
        args=(section.student_id, section.kind, row),
    )


def _shows_all(section: Section) -> bool:
    return (section.student_id, section.kind) in st.session_state.get(_ALL, frozenset())


def _show_all(student_id: UUID, kind: RecordKind) -> None:
    """Or fewer again."""
    st.session_state[_ALL] = st.session_state.get(_ALL, frozenset()) ^ {(student_id, kind)}
