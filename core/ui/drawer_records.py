"""What is on record about the student, to add to and to correct; what nobody recorded is "no data"."""

from collections.abc import Iterator
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.meetings.records import RecordKind
from core.roster.views import AttendanceCount, GuardianView, StudentDetails, StudentRecords
from core.ui.drawer_record_desk import open_form, records_of
from core.ui.drawer_record_mark import Marked
from core.ui.drawer_record_section import Section, draw_section
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
    for section in _sections(records):
        st.markdown(f"**{section.title}**")
        draw_section(person, app, student.id, section, records_of(records, section.kind), marked)


def _days_besides(student_id: UUID, marked: Marked) -> list[UUID]:
    """What is cited or being corrected is shown however long ago it was."""
    form = open_form(student_id)
    edited = form.record if form is not None else None
    return [one.id for one in (marked, edited) if one is not None]


def _sections(records: StudentRecords) -> Iterator[Section]:
    yield Section(RecordKind.ATTENDANCE, "Attendance", "Add attendance", sums=_attendance(records.attendance))
    yield Section(RecordKind.RESULT, "Results", "Add result")
    yield Section(RecordKind.OBSERVATION, "Observations", "Add observation")
    # Whoever may not read cases gets none, and must not be told that there are none.
    if records.may_keep_cases:
        yield Section(RecordKind.CASE, "Cases", "Add case", may_remove=False)
    has_own = any(note.may_change for note in records.notes)
    yield Section(RecordKind.NOTE, "For the meeting", None if has_own else "Note for the meeting")


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
