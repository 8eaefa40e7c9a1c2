"""What is on record about the student, read-only; what nobody recorded is "no data"."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

import streamlit as st

from core.roster.views import (
    AttendanceCount,
    CaseView,
    GuardianView,
    ObservationView,
    ResultView,
    StudentDetails,
    StudentRecords,
)
from core.ui.formats import day, level_name, local_day
from core.ui.text import escape_label

NO_DATA = "no data"
NO_BREAK = "\u00a0"


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
    _table("Details", shown | guardians)


def draw_records(records: StudentRecords, zone: ZoneInfo) -> None:
    _table("Attendance", _attendance(records.attendance))
    _table("Results", [_result(result) for result in records.results])
    _table("Observations", [_observation(one, zone) for one in records.observations])
    # Whoever may not read cases gets none, and must not be told that there are none.
    if records.cases:
        _table("Cases", [_case(case) for case in records.cases])


def _table(title: str, rows: Mapping[str, str] | Sequence[tuple[str, str]]) -> None:
    st.markdown(f"**{title}**")
    if not rows:
        st.caption(NO_DATA)
        return
    pairs = list(rows.items()) if isinstance(rows, Mapping) else rows
    # Two rows may begin alike, so these are columns; the left one keeps its words on one line.
    columns = {"what": [left.replace(" ", NO_BREAK) for left, _ in pairs], "value": [right for _, right in pairs]}
    st.table(columns, hide_header=True, hide_index=True, border="horizontal", alt=title)


def _guardian(guardian: GuardianView) -> str:
    parts = [guardian.full_name, guardian.phone, guardian.email, guardian.language]
    return escape_label(", ".join(part for part in parts if part))


def _attendance(count: AttendanceCount) -> dict[str, str]:
    if count.since is None:
        return {}
    parts = [
        f"{count.present} present",
        f"{count.late} late",
        f"{count.absent} absent",
        f"{count.official_absence} official absence",
    ]
    return {f"Since {day(count.since)}": ", ".join(parts)}


def _result(result: ResultView) -> tuple[str, str]:
    what = escape_label(f"{result.subject}, {result.assessment}")
    return day(result.recorded_on), f"{what}: {_score(result)}"


def _score(result: ResultView) -> str:
    if result.score is None:
        return NO_DATA
    return NO_BREAK.join([_number(result.score), "of", _number(result.max_score)])


def _observation(one: ObservationView, zone: ZoneInfo) -> tuple[str, str]:
    kind, words = escape_label(one.kind.capitalize()), escape_label(one.text)
    return day(local_day(one.happened_at, zone)), f"{kind}: {words}"


def _case(case: CaseView) -> tuple[str, str]:
    kind = {"sen": "Special needs"}.get(case.kind, case.kind.capitalize())
    summary = escape_label(f"{kind}, {case.status.replace('_', ' ')}: {case.summary or ''}")
    return day(case.opened_on), summary


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
