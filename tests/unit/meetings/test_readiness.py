"""What the records give to say before a meeting, and what they don't."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.meetings.choice import Show, Sort, counts, shown
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

TODAY = date(2026, 11, 12)
STUDENT = UUID(int=1)


def ref(kind: RecordKind, days_ago: int = 1) -> RecordRef:
    return RecordRef(kind, uuid4(), STUDENT, TODAY - timedelta(days=days_ago))


def attended(counted: int, *, late: int = 0, absent: int = 0, official: int = 0) -> AttendanceFigure:
    return AttendanceFigure(counted, late, absent, official, ref(RecordKind.ATTENDANCE))


def scored(subject: str, *scores: int | None) -> list[Result]:
    return [
        Result(
            ref(RecordKind.RESULT, 100 - place),
            subject,
            f"WA{place + 1}",
            None if score is None else Decimal(score),
            Decimal(100),
        )
        for place, score in enumerate(scores)
    ]


def seen(kind: str, text: str, days_ago: int = 5) -> Observation:
    return Observation(ref(RecordKind.OBSERVATION, days_ago), kind, text)


def of(**records: Any) -> Readiness:
    return readiness(
        StudentRecord(student_id=STUDENT, full_name="Ana Lim", index_no=1, photo_id=None, **records), TODAY
    )


def test_nothing_on_record_is_no_data_and_never_full_attendance() -> None:
    found = of()

    assert found.attendance is None
    assert not found.has_data
    assert not found.is_to_discuss


def test_official_absence_is_not_absence() -> None:
    found = of(attendance=attended(8, official=2))

    assert found.attendance is not None
    assert (found.attendance.counted, found.attendance.official, found.attendance.share) == (8, 2, 1.0)
    assert found.to_discuss == ()
    assert [point.text for point in found.strengths] == ["Present and on time on all 8 days"]


def test_only_official_absences_say_nothing_about_attendance() -> None:
    found = of(attendance=attended(0, official=1))

    assert found.attendance is not None
    assert found.attendance.share is None
    assert found.strengths == ()


def test_absence_and_lateness_are_told_in_days_each_with_its_own_latest_day() -> None:
    absent, late = ref(RecordKind.ATTENDANCE, 9), ref(RecordKind.ATTENDANCE, 2)
    figure = AttendanceFigure(12, 3, 2, 0, late, latest_absent=absent, latest_late=late)
    found = of(attendance=figure)

    assert [point.text for point in found.to_discuss] == ["Absent on 2 of 12 days", "Late 3 times in 12 days"]
    assert [point.record for point in found.to_discuss] == [absent, late]


@pytest.mark.parametrize(
    ("scores", "to_discuss", "strengths"),
    [
        ((61, 52), ["Science fell from 61 % to 52 %"], []),
        ((48, 55), [], []),
        ((48, 56), [], ["Science rose from 48 % to 56 %"]),
        ((90, 60, 62), [], []),
        ((70, None, 50), ["Science fell from 70 % to 50 %"], []),
        ((30,), [], []),
    ],
)
def test_a_clear_change_between_the_latest_two_results(
    scores: tuple[int | None, ...], to_discuss: list[str], strengths: list[str]
) -> None:
    found = of(results=scored("Science", *scores))

    assert [point.text for point in found.to_discuss] == to_discuss
    assert [point.text for point in found.strengths] == strengths


@pytest.mark.parametrize(("score", "percent"), [("62.5", 63), ("63.5", 64), ("0.5", 1), ("62.4", 62)])
def test_half_a_point_is_rounded_up(score: str, percent: int) -> None:
    assert Result(ref(RecordKind.RESULT), "Art", "WA1", Decimal(score), Decimal(100)).percent == percent


@pytest.mark.parametrize(
    ("before", "after", "is_clear"), [("60.6", "53.4", False), ("60.5", "52.6", False), ("60.4", "52.4", True)]
)
def test_a_change_is_taken_from_the_unrounded_results(before: str, after: str, is_clear: bool) -> None:
    results = [
        Result(ref(RecordKind.RESULT, ago), "Science", "WA", Decimal(score), Decimal(100))
        for ago, score in ((20, before), (10, after))
    ]

    assert bool(of(results=results).to_discuss) is is_clear


def test_observations_of_the_last_three_months_only() -> None:
    found = of(
        observations=[
            seen("concern", "Homework late", 200),
            seen("concern", "Homework late again", 3),
            seen("strength", "Leads the group"),
            seen("note", "Sits in front"),
        ]
    )

    assert [point.text for point in found.to_discuss] == ["Homework late again"]
    assert [point.text for point in found.strengths] == ["Leads the group"]


def test_open_cases_come_first_and_closed_ones_not_at_all() -> None:
    cases = [
        Case(ref(RecordKind.CASE, 50), "sen", "closed", "Reading support"),
        Case(ref(RecordKind.CASE, 10), "counselling", "in_progress", "Settling in"),
    ]
    found = of(cases=cases, observations=[seen("concern", "Quiet")])

    assert [point.text for point in found.to_discuss] == ["Open case: Settling in", "Quiet"]
    assert found.open_cases == 1
    assert found.tags == ("Open case", "Observation")


@pytest.mark.parametrize(("override", "is_to_discuss"), [("nothing", False), ("discuss", True), (None, True)])
def test_the_teacher_s_own_word_goes_before_the_records(override: str | None, is_to_discuss: bool) -> None:
    note = Note(ref(RecordKind.NOTE), override, "Spoke with them last week")
    found = of(observations=[seen("concern", "Quiet")], note=note)

    assert found.is_to_discuss is is_to_discuss
    assert len(found.to_discuss) == 1


def test_filters_keep_the_register_s_order_and_count() -> None:
    talkative, silent = of(observations=[seen("concern", "Talks")]), of()
    students = [silent, talkative]

    assert shown(students, Show.ALL, Sort.REGISTER) == students
    assert shown(students, Show.TO_DISCUSS, Sort.REGISTER) == [talkative]
    assert counts(students) == {Show.ALL: 2, Show.TO_DISCUSS: 1, Show.OPEN_CASE: 0, Show.NO_DATA: 1}


def test_a_sort_goes_by_one_factor_and_puts_no_data_last() -> None:
    often = of(attendance=attended(10, absent=1))
    seldom = of(attendance=attended(10, absent=5))
    unknown = of()

    assert shown([unknown, often, seldom], Show.ALL, Sort.ATTENDANCE) == [seldom, often, unknown]


def test_results_sort_by_the_largest_fall() -> None:
    fell, rose = of(results=scored("Science", 61, 52)), of(results=scored("Science", 48, 70))

    assert shown([rose, fell], Show.ALL, Sort.RESULTS) == [fell, rose]


def test_concerns_sort_by_how_many() -> None:
    one, two = of(observations=[seen("concern", "a")]), of(observations=[seen("concern", "a"), seen("concern", "b")])

    assert shown([one, two, of()], Show.ALL, Sort.CONCERNS)[:2] == [two, one]
