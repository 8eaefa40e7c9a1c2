"""A class and a student before a meeting, as each member of staff may see them."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import MeetingNotPossible, NotAllowed, UnknownStudent
from core.meetings.agenda import Prepared
from core.meetings.readiness import Readiness
from core.meetings.service import LOOKS_BACK, Meetings, today_of
from tests.cast import Cast, enrol

MOST_MS = 500
"""Some times what it takes, because other tests run beside it."""


@pytest.fixture
def meetings(database: Database) -> Meetings:
    return Meetings(database=database)


def attend(owner: Connection, student: UUID, days_ago: int, status: str) -> None:
    owner.execute(
        text(
            "insert into attendance (school_id, student_id, on_date, status)"
            " select school_id, id, :day, :status from students where id = :student"
        ),
        {"student": student, "status": status, "day": day_before(days_ago)},
    )


def day_before(days: int) -> date:
    return datetime.now(ZoneInfo("Asia/Singapore")).date() - timedelta(days=days)


def open_case(owner: Connection, student: UUID) -> None:
    owner.execute(
        text(
            "insert into cases (school_id, student_id, kind, severity, summary, opened_on)"
            " select school_id, id, 'sen', 'low', 'Needs larger print', current_date - 3 from students where id = :id"
        ),
        {"id": student},
    )


def write_note(owner: Connection, student: UUID, author: Person, override: str) -> None:
    owner.execute(
        text(
            "insert into readiness_notes (school_id, student_id, staff_id, override)"
            " values (:school, :student, :me, :override)"
        ),
        {"school": author.school_id, "student": student, "me": author.staff_id, "override": override},
    )


def test_a_class_comes_with_what_is_on_record(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    bo = enrol(owner, cast.integrity, "Bo Tan")
    attend(owner, bo, 3, "absent")

    found = {one.full_name: one for one in meetings.of_class(cast.mei, cast.integrity)}

    assert list(found) == ["Ana Lim", "Bo Tan"]
    assert not found["Ana Lim"].has_data
    assert [point.text for point in found["Bo Tan"].to_discuss] == ["Absent on 1 of 1 days"]


def test_what_is_older_than_two_terms_is_past(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    attend(owner, cast.ana, LOOKS_BACK.days + 2, "absent")
    attend(owner, cast.ana, LOOKS_BACK.days - 2, "present")

    attendance = meetings.of_student(cast.mei, cast.ana).attendance

    assert attendance is not None
    assert (attendance.counted, attendance.absent) == (1, 0)


@pytest.mark.parametrize("name", ["arjun", "ben"])
def test_a_class_of_others_is_refused(meetings: Meetings, cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        meetings.of_class(getattr(cast, name), cast.integrity)


@pytest.mark.parametrize("name", ["arjun", "ben"])
def test_a_student_of_others_is_unknown(meetings: Meetings, cast: Cast, name: str) -> None:
    with pytest.raises(UnknownStudent):
        meetings.of_student(getattr(cast, name), cast.ana)


def test_a_student_who_left_is_unknown(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    owner.execute(text("update students set status = 'left' where id = :ana"), {"ana": cast.ana})

    with pytest.raises(UnknownStudent):
        meetings.of_student(cast.mei, cast.ana)


def test_a_case_is_a_form_teacher_s_to_discuss_alone(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    open_case(owner, cast.ana)

    mine, devis = (meetings.of_student(who, cast.ana) for who in (cast.mei, cast.devi))

    assert (mine.open_cases, mine.is_to_discuss) == (1, True)
    assert (devis.open_cases, devis.is_to_discuss, devis.has_data) == (0, False, False)


def test_each_teacher_s_own_word_counts_for_them_alone(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    open_case(owner, cast.ana)
    write_note(owner, cast.ana, cast.mei, "nothing")

    assert not meetings.of_student(cast.mei, cast.ana).is_to_discuss
    assert meetings.of_student(cast.siti, cast.ana).is_to_discuss


def test_the_day_is_the_school_s(cast: Cast) -> None:
    assert today_of(cast.mei) == datetime.now(ZoneInfo("Asia/Singapore")).date()


def test_a_class_of_forty_comes_at_once(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    for number in range(39):
        enrol(owner, cast.integrity, f"Student {number:02}")
    owner.execute(_A_YEAR_OF_RECORDS, {"school": cast.mei.school_id, "author": cast.mei.staff_id})

    found, took_ms = timed(lambda: meetings.of_class(cast.mei, cast.integrity))

    assert len(found) == 40
    assert all(one.attendance and len(one.trends) == 4 for one in found)
    assert took_ms <= MOST_MS


def timed(read: Callable[[], list[Readiness]]) -> tuple[list[Readiness], float]:
    """The first of some tries that was quick enough, or the best."""
    tries: list[float] = []
    found: list[Readiness] = []
    for _ in range(9):
        begun = time.perf_counter()
        found = read()
        tries.append(1000 * (time.perf_counter() - begun))
        if tries[-1] <= MOST_MS:
            break
    return found, min(tries)


_A_YEAR_OF_RECORDS = text(
    """
    with pupils as (select id, school_id from students where school_id = :school),
    days as (
        insert into attendance (school_id, student_id, on_date, status)
        select p.school_id, p.id, current_date - d, (array['present', 'present', 'present', 'late'])[1 + d % 4]
        from pupils as p, generate_series(1, 260) as d where extract(isodow from current_date - d) < 6
    ),
    papers as (
        insert into results (school_id, student_id, subject, term, assessment, score, max_score, recorded_on)
        select p.school_id, p.id, 'Subject ' || s, 'Term ' || t, 'WA', 50 + s * t, 100, current_date - 30 * t
        from pupils as p, generate_series(1, 4) as s, generate_series(1, 4) as t
    )
    insert into observations (school_id, student_id, author_id, happened_at, kind, text)
    select p.school_id, p.id, :author, now() - make_interval(days => n), 'concern', 'Seen ' || n
    from pupils as p, generate_series(1, 5) as n
    """
)


def plan(owner: Connection, cast: Cast, student: UUID, hour: int, *, days: int = 0, who: Person | None = None) -> None:
    day = datetime.now(ZoneInfo("Asia/Singapore")).replace(hour=hour, minute=0, second=0, microsecond=0)
    owner.execute(
        text("insert into meetings (school_id, student_id, staff_id, starts_at) values (:school, :student, :who, :at)"),
        {
            "school": cast.mei.school_id,
            "student": student,
            "who": (who or cast.mei).staff_id,
            "at": day + timedelta(days=days),
        },
    )


def test_the_meetings_of_today_are_one_s_own_in_order(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    bo = enrol(owner, cast.integrity, "Bo Tan")
    plan(owner, cast, cast.ana, 23)
    plan(owner, cast, bo, 0)
    plan(owner, cast, cast.ana, 12, days=1)
    plan(owner, cast, bo, 12, days=-1)
    plan(owner, cast, bo, 15, who=cast.devi)

    assert [one.student.full_name for one in meetings.today(cast.mei)] == ["Bo Tan", "Ana Lim"]


def test_a_meeting_is_ready_once_there_is_a_note(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    plan(owner, cast, cast.ana, 14)
    first = meetings.today(cast.mei)[0].prepared
    open_case(owner, cast.ana)
    then = meetings.today(cast.mei)[0].prepared
    write_note(owner, cast.ana, cast.mei, "discuss")

    assert (first, then, meetings.today(cast.mei)[0].prepared) == (
        Prepared.NO_NOTES,
        Prepared.TO_CHECK,
        Prepared.READY,
    )


def test_whoever_left_has_no_meeting_any_more(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    plan(owner, cast, cast.ana, 14)
    owner.execute(text("update students set status = 'left' where id = :ana"), {"ana": cast.ana})

    assert meetings.today(cast.mei) == []


AT = time_of_day(14, 20)


def tomorrow() -> date:
    return day_before(-1)


def link_guardian(owner: Connection, cast: Cast, student: UUID, name: str) -> UUID:
    values = {"school": cast.mei.school_id, "name": name, "student": student}
    guardian = owner.scalar(
        text("insert into guardians (school_id, full_name) values (:school, :name) returning id"), values
    )
    assert isinstance(guardian, UUID)
    owner.execute(
        text(
            "insert into student_guardians (school_id, student_id, guardian_id, relationship)"
            " values (:school, :student, :guardian, 'mother')"
        ),
        {**values, "guardian": guardian},
    )
    return guardian


def test_a_meeting_is_planned_once_at_the_school_s_time(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    mother = link_guardian(owner, cast, cast.ana, "Lim Siew Hoon")

    for _ in range(2):
        meetings.plan(cast.mei, cast.ana, tomorrow(), AT, mother)

    (planned,) = meetings.planned(cast.mei, cast.ana).upcoming
    assert planned.starts_at == datetime.combine(tomorrow(), AT, ZoneInfo("Asia/Singapore"))
    assert (planned.guardian, planned.relationship, planned.held_by) == ("Lim Siew Hoon", "mother", None)
    assert owner.scalars(text("select action from audit_log")).all() == ["meeting.added"]


def test_colleagues_see_it_and_whose_it_is(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    mother = link_guardian(owner, cast, cast.ana, "Lim Siew Hoon")
    meetings.plan(cast.mei, cast.ana, tomorrow(), AT, mother)

    seen = meetings.planned(cast.devi, cast.ana)

    # A subject teacher may not know guardians.
    assert [(one.held_by, one.guardian) for one in seen.upcoming] == [("Mei Tan", None)]
    assert seen.guardians == ()
    assert meetings.planned(cast.arjun, cast.ana).upcoming == ()


@pytest.mark.parametrize("days", [-1, 367])
def test_a_time_that_is_over_or_far_away_is_refused(meetings: Meetings, cast: Cast, days: int) -> None:
    with pytest.raises(MeetingNotPossible):
        meetings.plan(cast.mei, cast.ana, day_before(-days), AT)


def test_a_guardian_of_another_student_is_refused(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    other = link_guardian(owner, cast, enrol(owner, cast.integrity, "Bo Tan"), "Tan Ah Moi")

    with pytest.raises(MeetingNotPossible):
        meetings.plan(cast.mei, cast.ana, tomorrow(), AT, other)


def test_nobody_plans_a_meeting_about_a_student_of_others(meetings: Meetings, cast: Cast) -> None:
    with pytest.raises(UnknownStudent):
        meetings.plan(cast.arjun, cast.ana, tomorrow(), AT)


def test_only_whoever_holds_a_meeting_calls_it_off(meetings: Meetings, cast: Cast) -> None:
    meetings.plan(cast.mei, cast.ana, tomorrow(), AT)
    (planned,) = meetings.planned(cast.mei, cast.ana).upcoming

    meetings.call_off(cast.devi, planned.id)
    assert len(meetings.planned(cast.mei, cast.ana).upcoming) == 1
    meetings.call_off(cast.mei, planned.id)
    assert meetings.planned(cast.mei, cast.ana).upcoming == ()


def test_what_was_before_today_is_not_planned_any_more(meetings: Meetings, owner: Connection, cast: Cast) -> None:
    plan(owner, cast, cast.ana, 12, days=-1)
    plan(owner, cast, cast.ana, 0)

    assert len(meetings.planned(cast.mei, cast.ana).upcoming) == 1
