"""What is kept of a record, and the sentence that refuses what can't be."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.errors import RecordRefused
from core.roster.records.entries import (
    AttendanceEntry,
    CaseEntry,
    Entry,
    NoteEntry,
    ObservationEntry,
    ResultEntry,
)

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=ZoneInfo("Asia/Singapore"))
TODAY, TOMORROW = NOW.date(), NOW.date() + timedelta(days=1)
LATE = AttendanceEntry(TODAY, "day", "late", None)
RESULT = ResultEntry("Science", "Term 4", "Quiz", Decimal("12.5"), Decimal(20), None, TODAY)
SEEN = ObservationEntry(NOW, "strength", "Helped a classmate")
CASE = CaseEntry("sen", "low", "open", "Needs larger print", TODAY, None)
CLOSED = replace(CASE, status="closed", opened_on=date(2026, 3, 2), closed_on=date(2026, 3, 9))
NOTE = NoteEntry("discuss", None)


@pytest.mark.parametrize(
    "entry",
    [
        LATE,
        RESULT,
        SEEN,
        CASE,
        CLOSED,
        NOTE,
        replace(LATE, on_date=date(2025, 1, 1)),
        replace(RESULT, score=None),
        replace(RESULT, score=Decimal(0)),
        replace(RESULT, score=Decimal(20)),
        replace(CASE, opened_on=date(2020, 1, 2)),
        replace(CLOSED, closed_on=CLOSED.opened_on),
        NoteEntry(None, "Ready"),
    ],
)
def test_what_can_be_true_is_kept_as_it_is(entry: Entry) -> None:
    assert entry.checked(NOW) == entry


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (replace(LATE, on_date=TOMORROW), "The day is in the future. Choose today or an earlier day."),
        (replace(LATE, on_date=date(2024, 12, 31)), "The day is long ago. Choose a day from 1 Jan 2025 on."),
        (replace(LATE, status=""), "The status is missing. Choose one and save again."),
        (replace(LATE, session=" "), "The session is missing. Fill it in and save again."),
        (
            replace(LATE, reason="x" * 301),
            "The reason has 301 characters and 300 fit. Shorten it and save again.",
        ),
        (replace(RESULT, subject=""), "The subject is missing. Fill it in and save again."),
        (replace(RESULT, term=""), "The term is missing. Fill it in and save again."),
        (replace(RESULT, assessment=" \n"), "The assessment is missing. Fill it in and save again."),
        (
            replace(RESULT, score=Decimal("20.5")),
            "The score 20.5 is more than the 20 that there were. Correct one of the two.",
        ),
        (
            replace(RESULT, score=Decimal(-1)),
            "The score must lie between 0 and 9999.99. Correct it and save again.",
        ),
        (
            replace(RESULT, score=Decimal("NaN")),
            "The score must lie between 0 and 9999.99. Correct it and save again.",
        ),
        (
            replace(RESULT, score=Decimal("12.345")),
            "The score has more than two decimals. Round it and save again.",
        ),
        (
            replace(RESULT, max_score=None),
            "How many points there were is missing. Fill in “Out of” and save again.",
        ),
        (
            replace(RESULT, max_score=Decimal(0)),
            "How many points there were is missing. Fill in “Out of” and save again.",
        ),
        (
            replace(RESULT, weight=Decimal(101)),
            "The weight must lie between 0 and 100. Correct it and save again.",
        ),
        (replace(RESULT, recorded_on=TOMORROW), "The day is in the future. Choose today or an earlier day."),
        (
            replace(SEEN, happened_at=NOW + timedelta(days=1)),
            "The day is in the future. Choose today or an earlier day.",
        ),
        (replace(SEEN, text="\x00 "), "The text is missing. Fill it in and save again."),
        (replace(SEEN, kind="praise"), "The kind is missing. Choose one and save again."),
        (
            replace(SEEN, text="x" * 4001),
            "The text has 4,001 characters and 4,000 fit. Shorten it and save again.",
        ),
        (replace(CASE, severity=""), "The severity is missing. Choose one and save again."),
        (replace(CASE, summary=""), "The summary is missing. Fill it in and save again."),
        (
            replace(CASE, opened_on=date(2013, 12, 31)),
            "The day it was opened is long ago. Choose a day from 1 Jan 2014 on.",
        ),
        (
            replace(CASE, closed_on=TODAY),
            "Only a closed case has a closing day. Set it to closed, or clear that day.",
        ),
        (
            replace(CLOSED, closed_on=None),
            "A closed case needs the day it was closed. Choose it and save again.",
        ),
        (
            replace(CLOSED, closed_on=date(2026, 3, 1)),
            "The case would be closed before it was opened. Correct one of the days.",
        ),
        (replace(CLOSED, closed_on=TOMORROW), "The closing day is in the future. Choose today or an earlier day."),
        (NoteEntry(None, "  "), "There is nothing to keep. Write a note, or choose what the meeting needs."),
        (NoteEntry("perhaps", None), "The choice for the meeting is missing. Choose one and save again."),
    ],
)
def test_what_can_t_be_true_is_one_sentence(entry: Entry, sentence: str) -> None:
    with pytest.raises(RecordRefused) as refused:
        entry.checked(NOW)

    assert str(refused.value) == sentence


def test_blanks_round_a_text_go_and_those_within_stay() -> None:
    assert replace(SEEN, text="  Read  aloud \n").checked(NOW).text == "Read  aloud"


def test_an_empty_reason_is_none() -> None:
    assert replace(LATE, reason="  ").checked(NOW).reason is None


def test_today_later_than_now_is_now() -> None:
    later = replace(SEEN, happened_at=NOW + timedelta(hours=2))

    assert later.checked(NOW).happened_at == NOW


def test_the_school_decides_which_day_it_is() -> None:
    in_london = replace(SEEN, happened_at=datetime(2026, 11, 22, 23, 0, tzinfo=ZoneInfo("Europe/London")))

    assert in_london.checked(NOW) == in_london


LONG_AGO = date(2001, 2, 3)


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        (replace(LATE, on_date=LONG_AGO), {"reason": "Bus"}),
        (replace(RESULT, recorded_on=LONG_AGO), {"score": Decimal(3)}),
        (replace(SEEN, happened_at=NOW - timedelta(days=9000)), {"text": "Other"}),
        (replace(CASE, opened_on=LONG_AGO), {"severity": "high"}),
    ],
)
def test_a_day_that_was_kept_before_needs_no_other_reason(before: Any, changes: dict[str, Any]) -> None:
    wanted = replace(before, **changes)

    assert wanted.checked(NOW, before=before) == wanted


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        (LATE, {"on_date": TODAY - timedelta(days=1)}),
        (LATE, {"session": "Morning"}),
        (RESULT, {"subject": "English"}),
        (RESULT, {"assessment": "Exam"}),
        (CASE, {"kind": "career"}),
    ],
)
def test_what_a_record_is_about_stays(before: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(RecordRefused, match="stays"):
        replace(before, **changes).checked(NOW, before=before)
