"""The fields of each kind of record, and the entry that they make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from core.meetings.records import RecordKind
from core.roster.records.entries import (
    CASE_KINDS,
    CASE_STATUSES,
    OBSERVATION_KINDS,
    OVERRIDES,
    SEVERITIES,
    STATUSES,
    WHOLE_DAY,
    AttendanceEntry,
    CaseEntry,
    Entry,
    NoteEntry,
    ObservationEntry,
    ResultEntry,
    earliest_case,
    earliest_day,
)
from core.roster.records.fields import LONGEST_REASON, MOST_PER_CENT, MOST_POINTS
from core.roster.records.names import ResultNames
from core.ui.drawer_record_desk import RecordForm
from core.ui.drawer_record_widgets import choice, day, day_in, figure, figure_in, line, name, text, text_in
from core.ui.drawer_record_words import session_name

AS_RECORDS_SAY = "as_records_say"


@dataclass(frozen=True)
class Surroundings:
    """What the fields offer; `names` is asked for where a result is added."""

    now: datetime
    names: Callable[[], ResultNames]

    @property
    def today(self) -> date:
        return self.now.date()


def draw_fields(form: RecordForm, around: Surroundings) -> None:
    _DRAW[form.kind](form, around)


def entry_of(form: RecordForm, around: Surroundings) -> Entry:
    """Raises RecordRefused where a field that an entry can't be without is empty."""
    return _READ[form.kind](form, around)


def _draw_attendance(form: RecordForm, around: Surroundings) -> None:
    typed = form.typed if isinstance(form.typed, AttendanceEntry) else None
    if form.record is None:
        left, right = st.columns(2, gap="small")
        with left:
            day(form, "day", "Day", typed.on_date if typed else around.today, earliest_day, around.today)
        with right:
            name(form, "session", "Session", [WHOLE_DAY, "Morning", "Afternoon"], WHOLE_DAY, session_name)
    choice(form, "status", "Status", STATUSES, typed.status if typed else None)
    line(form, "reason", "Reason, if known", (typed and typed.reason) or "", LONGEST_REASON)


def _read_attendance(form: RecordForm, _around: Surroundings) -> AttendanceEntry:
    kept = form.record.entry if form.record else None
    if isinstance(kept, AttendanceEntry):
        on_date, session = kept.on_date, kept.session
    else:
        on_date, session = day_in(form, "day", "The day"), text_in(form, "session")
    return AttendanceEntry(on_date, session, text_in(form, "status"), text_in(form, "reason") or None)


def _draw_result(form: RecordForm, around: Surroundings) -> None:
    typed = form.typed if isinstance(form.typed, ResultEntry) else None
    if form.record is None:
        names = around.names()
        left, right = st.columns([1.6, 1], gap="small")
        with left:
            name(form, "subject", "Subject", names.subjects, typed.subject if typed else names.subject)
        with right:
            name(form, "term", "Term", names.terms, typed.term if typed else names.term)
        name(form, "assessment", "Assessment", names.assessments, typed.assessment if typed else None)
    columns = st.columns(3, gap="small")
    with columns[0]:
        figure(form, "score", "Score", typed.score if typed else None, MOST_POINTS, "not taken")
    with columns[1]:
        figure(form, "max_score", "Out of", typed.max_score if typed else None, MOST_POINTS)
    with columns[2]:
        figure(form, "weight", "Weight in %", typed.weight if typed else None, MOST_PER_CENT)
    day(form, "day", "Day", typed.recorded_on if typed else around.today, earliest_day, around.today)


def _read_result(form: RecordForm, _around: Surroundings) -> ResultEntry:
    kept = form.record.entry if form.record else None
    if isinstance(kept, ResultEntry):
        subject, term, assessment = kept.names
    else:
        subject, term, assessment = (text_in(form, field) for field in ("subject", "term", "assessment"))
    score, most, weight = (figure_in(form, field) for field in ("score", "max_score", "weight"))
    return ResultEntry(subject, term, assessment, score, most, weight, day_in(form, "day", "The day"))


def _draw_observation(form: RecordForm, around: Surroundings) -> None:
    typed = form.typed if isinstance(form.typed, ObservationEntry) else None
    on = typed.happened_at.astimezone(around.now.tzinfo).date() if typed else around.today
    choice(form, "kind", "Kind", OBSERVATION_KINDS, typed.kind if typed else "note")
    text(form, "text", "What you saw", typed.text if typed else "")
    day(form, "day", "Day", on, earliest_day, around.today)


def _read_observation(form: RecordForm, around: Surroundings) -> ObservationEntry:
    on = day_in(form, "day", "The day")
    kept = form.record.entry if form.record else None
    # The drawer shows days only, so the time of day stays what it was.
    moment = kept.happened_at if isinstance(kept, ObservationEntry) else around.now
    local = moment.astimezone(around.now.tzinfo)
    happened_at = moment if local.date() == on else datetime.combine(on, local.timetz())
    return ObservationEntry(happened_at, text_in(form, "kind"), text_in(form, "text"))


def _draw_case(form: RecordForm, around: Surroundings) -> None:
    typed = form.typed if isinstance(form.typed, CaseEntry) else None
    if form.record is None:
        choice(form, "kind", "Kind", CASE_KINDS, typed.kind if typed else None)
    choice(form, "status", "Status", CASE_STATUSES, typed.status if typed else "open")
    choice(form, "severity", "Severity", SEVERITIES, typed.severity if typed else None)
    text(form, "summary", "Summary", typed.summary if typed else "")
    left, right = st.columns(2, gap="small")
    with left:
        day(form, "opened_on", "Opened", typed.opened_on if typed else around.today, earliest_case, around.today)
    with right:
        day(form, "closed_on", "Closed, if it is", typed.closed_on if typed else None, earliest_case, around.today)


def _read_case(form: RecordForm, _around: Surroundings) -> CaseEntry:
    kept = form.record.entry if form.record else None
    kind = kept.kind if isinstance(kept, CaseEntry) else text_in(form, "kind")
    closed_on = form.value("closed_on")
    return CaseEntry(
        kind=kind,
        severity=text_in(form, "severity"),
        status=text_in(form, "status"),
        summary=text_in(form, "summary"),
        opened_on=day_in(form, "opened_on", "The day it was opened"),
        closed_on=closed_on if isinstance(closed_on, date) else None,
    )


def _draw_note(form: RecordForm, _around: Surroundings) -> None:
    typed = form.typed if isinstance(form.typed, NoteEntry) else None
    override = (typed and typed.override) or AS_RECORDS_SAY
    choice(form, "override", "For the meeting", [AS_RECORDS_SAY, *OVERRIDES], override)
    text(form, "text", "Note", (typed and typed.text) or "")


def _read_note(form: RecordForm, _around: Surroundings) -> NoteEntry:
    override = text_in(form, "override")
    return NoteEntry(override if override in OVERRIDES else None, text_in(form, "text") or None)


_DRAW: Mapping[RecordKind, Callable[[RecordForm, Surroundings], None]] = {
    RecordKind.ATTENDANCE: _draw_attendance,
    RecordKind.RESULT: _draw_result,
    RecordKind.OBSERVATION: _draw_observation,
    RecordKind.CASE: _draw_case,
    RecordKind.NOTE: _draw_note,
}
_READ: Mapping[RecordKind, Callable[[RecordForm, Surroundings], Entry]] = {
    RecordKind.ATTENDANCE: _read_attendance,
    RecordKind.RESULT: _read_result,
    RecordKind.OBSERVATION: _read_observation,
    RecordKind.CASE: _read_case,
    RecordKind.NOTE: _read_note,
}
