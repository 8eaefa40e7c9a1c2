"""What is on record about the student, read-only; what nobody recorded is "no data"."""

from collections.abc import Sequence
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


def draw_details(student: StudentDetails) -> None:
    st.markdown("**Details**")
    rows = {
        "Name in class list": student.full_name,
        "Preferred name": student.preferred_name,
        "School id": student.sourced_id,
        "Gender": student.gender.capitalize() if student.gender else None,
        "Year of birth": str(student.birth_year) if student.birth_year else None,
        "Level": level_name(student.level),
        "Portraits": "May be made" if student.portraits_allowed else "Not to be made",
    }
    if student.name_to_check:
        rows["Name in class list"] = f"{student.full_name} (the file had no name; please check)"
    shown = {label: escape_label(value) if value else "Not recorded" for label, value in rows.items()}
    for guardian in student.guardians:
        shown[f"Guardian ({guardian.relationship})"] = _guardian(guardian)
    st.table(shown, hide_header=True, border="horizontal", alt=f"Details of {student.full_name}")


def draw_records(records: StudentRecords, zone: ZoneInfo) -> None:
    _section("Attendance", [_attendance(records.attendance)])
    _section("Results", [_result(result) for result in records.results])
    _section("Observations", [_observation(one, zone) for one in records.observations])
    # Whoever may not read cases gets none, and must not be told that there are none.
    if records.cases:
        _section("Cases", [_case(case) for case in records.cases])


def _section(title: str, lines: Sequence[str | None]) -> None:
    known = [line for line in lines if line]
    body = "\n".join(f"- {line}" for line in known) if len(known) > 1 else "".join(known) or f":gray[{NO_DATA}]"
    st.markdown(f"**{title}**\n\n{body}")


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
    return f"{', '.join(parts)} since {day(count.since)}"


def _result(result: ResultView) -> str:
    what = escape_label(f"{result.subject}, {result.assessment}, {result.term}")
    score = NO_DATA if result.score is None else f"**{_number(result.score)}** of {_number(result.max_score)}"
    return f"{what}: {score} :small[:gray[{day(result.recorded_on)}]]"


def _observation(one: ObservationView, zone: ZoneInfo) -> str:
    when = day(local_day(one.happened_at, zone))
    return f"{escape_label(one.kind.capitalize())}: {escape_label(one.text)} :small[:gray[{when}]]"


def _case(case: CaseView) -> str:
    kind = {"sen": "Special needs"}.get(case.kind, case.kind.capitalize())
    status = case.status.replace("_", " ")
    summary = escape_label(case.summary or "")
    return f"{escape_label(kind)} ({escape_label(status)}): {summary} :small[:gray[{day(case.opened_on)}]]"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
