"""What a student's card says, and in which words."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.meetings import readiness as rules_of
from core.meetings.choice import Sort
from core.meetings.readiness import Readiness, readiness
from core.meetings.records import (
    AttendanceFigure,
    Case,
    Note,
    Observation,
    RecordKind,
    RecordRef,
    Result,
    StudentRecord,
)
from core.meetings.service import LOOKS_BACK
from core.ui.assistant.cards_rules import rules
from core.ui.assistant.cards_words import MOST_CHARACTERS, figures, points, short_day, tags

TODAY = date(2026, 11, 12)
STUDENT = UUID(int=1)


def ref(kind: RecordKind, days_ago: int = 1) -> RecordRef:
    return RecordRef(kind, uuid4(), STUDENT, TODAY - timedelta(days=days_ago))


def figure(counted: int, *, late: int = 0, absent: int = 0) -> AttendanceFigure:
    return AttendanceFigure(counted, late, absent, 0, ref(RecordKind.ATTENDANCE))


def scored(subject: str, *scores: int) -> list[Result]:
    return [
        Result(ref(RecordKind.RESULT, 100 - place), subject, "WA", Decimal(score), Decimal(100))
        for place, score in enumerate(scores)
    ]


def seen(kind: str, words: str, days_ago: int = 1) -> Observation:
    return Observation(ref(RecordKind.OBSERVATION, days_ago), kind, words)


def noted(override: str | None, words: str | None = None) -> Note:
    return Note(ref(RecordKind.NOTE), override, words)


def of(**records: Any) -> Readiness:
    record = StudentRecord(student_id=STUDENT, full_name="Ana Lim", index_no=1, photo_id=None, **records)
    return readiness(record, TODAY)


def lines(one: Readiness) -> list[str]:
    """As they are read: without what makes them small and grey, and with ordinary spaces."""
    plain = points(one, TODAY).replace(":small[", "").replace(":gray[", "").replace("]", "").replace("\u00a0", " ")
    return plain.split("  \n")


def said(one: Readiness, sort: Sort = Sort.REGISTER) -> str:
    return figures(one, sort).replace("\u00a0", " ")


def test_attendance_and_the_subject_that_changed_most_stand_in_one_line() -> None:
    one = of(attendance=figure(50, absent=11), results=[*scored("Science", 60, 62), *scored("Mathematics", 48, 55)])

    assert said(one) == "Attendance 78 % · Mathematics 48 → 55"


def test_what_is_not_on_record_is_no_data() -> None:
    assert said(of()) == "Attendance no data · Results no data"
    assert said(of(attendance=figure(0))) == "Attendance no data · Results no data"
    assert lines(of()) == ["Nothing is on record yet."]


def test_a_first_result_stands_without_one_before() -> None:
    assert said(of(results=scored("Science", 60))).endswith("· Science 60")


def test_attendance_is_never_rounded_up_to_all() -> None:
    assert said(of(attendance=figure(400, absent=1))).startswith("Attendance 99 %")


def test_the_factor_that_sorts_is_shown() -> None:
    one = of(
        results=[*scored("Science", 50, 46), *scored("Mathematics", 48, 60)],
        observations=[seen("concern", "Quiet"), seen("concern", "Tired")],
    )

    assert "Mathematics 48 → 60" in said(one)
    assert "Science 50 → 46" in said(one, Sort.RESULTS)
    assert said(one, Sort.CONCERNS).endswith("2 concerns noted")


def test_the_first_two_to_discuss_and_the_first_strength_have_their_days() -> None:
    one = of(
        attendance=figure(10, absent=5),
        cases=[Case(ref(RecordKind.CASE, 10), "sen", "open", "Needs larger print")],
        observations=[seen("concern", "Tired."), seen("strength", "Helped", 30), seen("strength", "Reads well.", 3)],
    )

    assert lines(one) == [
        "**To discuss** Open case\\: Needs larger print · 2 Nov",
        "Absent on 5 of 10 days · 11 Nov · and 1 more",
        "**Strength** Reads well · 9 Nov · and 1 more",
    ]


def test_the_newest_concern_and_the_largest_fall_come_first() -> None:
    one = of(observations=[seen("concern", "Old", 60), seen("concern", "New", 2)])
    fell = of(results=[*scored("Science", 60, 50), *scored("Mathematics", 90, 50)])

    assert [point.text for point in one.to_discuss] == ["New", "Old"]
    assert [point.tag for point in fell.to_discuss] == ["Mathematics", "Science"]


@pytest.mark.parametrize(
    ("note", "first"),
    [
        (noted("nothing"), "**To discuss** You set: nothing to discuss · 1 on record"),
        (noted("discuss"), "**To discuss** You set: something to discuss"),
        (noted(None, "Only a note"), "**To discuss** Quiet · 11 Nov"),
    ],
)
def test_the_teacher_s_own_word_is_shown_as_such(note: Note, first: str) -> None:
    assert lines(of(note=note, observations=[seen("concern", "Quiet")]))[0] == first


def test_the_teacher_s_reason_to_talk_is_their_note() -> None:
    one = of(note=noted("discuss", "Ask about the bus"))

    assert lines(one) == ["**To discuss** You set: something to discuss", "Your note: Ask about the bus"]


def test_who_has_records_and_nothing_to_say_stands_out_in_nothing() -> None:
    assert lines(of(results=scored("Science", 60))) == ["Nothing stands out."]


def test_long_words_are_cut_and_never_read_as_markup() -> None:
    one = of(observations=[seen("concern", "![x](https://elsewhere.example/x) " + "word " * 100)])

    (line,) = lines(one)
    assert "…" in line
    assert len(line) < 2 * MOST_CHARACTERS
    assert r"!\[x" in points(one, TODAY)


def test_tags_are_few_with_the_number_of_the_others() -> None:
    changes = [scored(subject, 50, 30) for subject in ("English", "Mathematics", "Science", "Art", "Music")]

    assert tags(of(results=[result for one in changes for result in one])).count("gray-badge") == 4
    assert tags(of(results=[result for one in changes for result in one])).endswith(r":gray-badge[\+2]")
    assert tags(of()) == ""


def test_a_day_of_another_year_has_its_year() -> None:
    assert short_day(date(2026, 3, 4), TODAY).split("\u00a0") == ["4", "Mar"]
    assert short_day(date(2025, 3, 4), TODAY).split("\u00a0") == ["4", "Mar", "2025"]


def test_the_rules_in_plain_words_are_those_that_decide() -> None:
    said = rules().replace("\u00a0", " ").replace("\n", " ")

    assert f"less than {rules_of.LOW_ATTENDANCE:.0%}".replace("%", " %") in said
    assert f"late {rules_of.MANY_LATE} times or more" in said
    assert f"down by {rules_of.CLEAR_CHANGE} points" in said
    assert f"the last {rules_of.RECENT.days} days" in said
    assert f"the last {LOOKS_BACK.days} days" in said
