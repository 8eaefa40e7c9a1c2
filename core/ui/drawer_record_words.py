"""What a record says in the drawer's one line, and what its choices are called."""

from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.roster.records.entries import (
    WHOLE_DAY,
    AttendanceEntry,
    CaseEntry,
    Entry,
    NoteEntry,
    ObservationEntry,
    ResultEntry,
)
from core.ui.formats import day, local_day
from core.ui.text import escape_label

NO_DATA = "no data"
NO_BREAK = "\u00a0"
WORDS: Mapping[str, str] = {
    "present": "Present",
    "late": "Late",
    "absent": "Absent",
    "official_absence": "Official absence",
    "strength": "Strength",
    "concern": "Concern",
    "note": "Note",
    "discipline": "Discipline",
    "sen": "Special needs",
    "counselling": "Counselling",
    "career": "Career",
    "low": "Low",
    "medium": "Medium",
    "high": "High",
    "open": "Open",
    "in_progress": "In progress",
    "closed": "Closed",
    "discuss": "Discuss",
    "nothing": "Nothing to discuss",
}


def word(value: str) -> str:
    """How a value of the table is called."""
    return WORDS.get(value, value.replace("_", " ").capitalize())


def session_name(session: str) -> str:
    return "Whole day" if session == WHOLE_DAY else session


def line_of(entry: Entry, zone: ZoneInfo) -> tuple[str | None, str]:
    """The day it is about, and what it says; safe as Markdown."""
    if isinstance(entry, AttendanceEntry):
        return day(entry.on_date), escape_label(_attendance(entry))
    if isinstance(entry, ResultEntry):
        return day(entry.recorded_on), f"{escape_label(f'{entry.subject}, {entry.assessment}')}: {score_of(entry)}"
    if isinstance(entry, ObservationEntry):
        return day(local_day(entry.happened_at, zone)), escape_label(f"{word(entry.kind)}: {entry.text}")
    if isinstance(entry, CaseEntry):
        return day(entry.opened_on), escape_label(f"{word(entry.kind)}, {_standing(entry)}: {entry.summary}")
    return None, escape_label(_note(entry))


def name_of(entry: Entry, zone: ZoneInfo) -> str:
    """Which record it is, without what a person wrote in it; safe as Markdown."""
    on, words = line_of(entry, zone)
    if on is None:
        return "your note"
    return f"{words.partition(':')[0].removesuffix(chr(92))}, {on}"


def score_of(entry: ResultEntry) -> str:
    if entry.score is None or entry.max_score is None:
        return NO_DATA
    return NO_BREAK.join([number(entry.score), "of", number(entry.max_score)])


def number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _attendance(entry: AttendanceEntry) -> str:
    session = "" if entry.session == WHOLE_DAY else f", {entry.session}"
    reason = f": {entry.reason}" if entry.reason else ""
    return f"{word(entry.status)}{session}{reason}"


def _standing(entry: CaseEntry) -> str:
    closed = f" {day(entry.closed_on)}" if entry.closed_on else ""
    return f"{word(entry.status).lower()}{closed}"


def _note(entry: NoteEntry) -> str:
    return ": ".join(part for part in (entry.override and word(entry.override), entry.text) if part) or NO_DATA
