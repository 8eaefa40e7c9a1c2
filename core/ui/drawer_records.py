"""What is on record about the student, to add to and to correct; what nobody recorded is "no data"."""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.meetings.records import RecordKind
from core.roster.views import AttendanceCount, GuardianView, StudentDetails, StudentRecords
from core.ui.drawer_record_desk import open_form, records_of
from core.ui.drawer_record_form import Section
from core.ui.drawer_record_mark import Marked
from core.ui.drawer_record_section import draw_section
from core.ui.drawer_record_words import NO_BREAK
from core.ui.formats import day, level_name
from core.ui.text import escape_label


def draw_details(student: StudentDetails) -> None:
    name = f"{student.full_name} (the file had no name; please check)" if student.name_to_check else student.full_name
    rows = {
        "Name in class list": name,
        "Preferred name": student.preferred_name,
        "School id": student.sourced_id,
        "Gender": student.gender.capitalize() if student.gender else None,
        "Year of birth": str(student.birth_year) if student.birth_year else None,
        "Level": level_name(student.level),
        "Portraits": "May be made" if student.portraits_allowed else "Not to be made",
    }
    shown = {label: escape_label(value) if value else "Not recorded" for label, value in rows.items()}
    guardians = {f"Guardian ({escape_label(one.relationship)})": _guardian(one) for one in student.guardians}
    told = shown | guardians
    st.markdown("**Details**")
    # Two columns; the left one keeps its words on one line.
    columns = {"what": [left.replace(" ", NO_BREAK) for left in told], "value": list(told.values())}
    st.table(columns, hide_header=True, hide_index=True, border="horizontal", alt="Details")


def draw_records(person: Person, app: App, student: StudentDetails, marked: Marked = None) -> None:
    """With what this person may add and correct; the record of `marked` is shown to be the one that was cited."""
    records = app.roster.records(person, student.id, _days_besides(student.id, marked))
    for section in _sections(person, app, student.id, records):
        st.markdown(f"**{section.title}**")
        draw_section(section, records_of(records, section.kind), marked)


def _days_besides(student_id: UUID, marked: Marked) -> list[UUID]:
    """What is cited or being corrected is shown however long ago it was."""
    form = open_form(student_id)
    edited = form.record if form is not None else None
    return [one.id for one in (marked, edited) if one is not None]


def _sections(person: Person, app: App, student_id: UUID, records: StudentRecords) -> Iterator[Section]:
    here = partial(Section, person=person, app=app, student_id=student_id)
    sums = _attendance(records.attendance)
    yield here(kind=RecordKind.ATTENDANCE, title="Attendance", add="Add attendance", sums=sums)
    yield here(kind=RecordKind.RESULT, title="Results", add="Add result")
    yield here(kind=RecordKind.OBSERVATION, title="Observations", add="Add observation")
    # Whoever may not read cases gets none, and must not be told that there are none.
    if records.may_keep_cases:
        yield here(kind=RecordKind.CASE, title="Cases", add="Add case", may_remove=False)
    has_own = any(note.may_change for note in records.notes)
    yield here(kind=RecordKind.NOTE, title="For the meeting", add=None if has_own else "Note for the meeting")


def _guardian(guardian: GuardianView) -> str:
    parts = [guardian.full_name, guardian.phone, guardian.email, guardian.language]
    return escape_label(", ".join(part for part in parts if part))


def _attendance(count: AttendanceCount) -> str | None:
    if count.since is None:
        return None
    parts = [
        f"{count.present} present",
        f"{count.late} late",
        f"{count.absent} absent",
        f"{count.official_absence} official absence",
    ]
    return f"Since {day(count.since)}: {', '.join(part.replace(' ', NO_BREAK) for part in parts)}"
