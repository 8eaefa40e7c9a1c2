"""A student's records before a meeting, as far as whoever asks may read them."""

from datetime import date

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.meetings.reading import records_of_class, records_of_student
from core.meetings.records import StudentRecord
from tests.cast import Cast
from tests.integration.db.records import record_everything

SINCE = date(2026, 1, 1)


def of_ana(database: Database, person: Person, cast: Cast) -> StudentRecord | None:
    with database.as_person(person) as session:
        return records_of_student(session, cast.ana, me=person.staff_id, since=SINCE, zone=person.zone)


def test_a_form_teacher_reads_all_kinds_with_their_ids(database: Database, owner: Connection, cast: Cast) -> None:
    keys = record_everything(owner, cast)

    ana = of_ana(database, cast.mei, cast)

    assert ana is not None
    assert ana.attendance is not None
    assert ana.attendance.latest.id == keys["attendance"]
    assert [(one.record.id, one.percent) for one in ana.results] == [(keys["results"], 75)]
    assert [one.record.id for one in ana.observations] == [keys["observations"]]
    assert [one.record.id for one in ana.cases] == [keys["cases"]]
    assert ana.note is not None
    assert ana.note.text == "Bring the reading log"


def test_a_subject_teacher_reads_no_case_and_no_one_else_s_note(
    database: Database, owner: Connection, cast: Cast
) -> None:
    record_everything(owner, cast)

    ana = of_ana(database, cast.devi, cast)

    assert ana is not None
    assert (ana.cases, ana.note) == ([], None)
    assert ana.attendance is not None
    assert len(ana.results) == len(ana.observations) == 1


@pytest.mark.parametrize("name", ["arjun", "ben"])
def test_strangers_read_nothing(database: Database, owner: Connection, cast: Cast, name: str) -> None:
    record_everything(owner, cast)
    stranger = getattr(cast, name)

    assert of_ana(database, stranger, cast) is None
    with database.as_person(stranger) as session:
        found = records_of_class(session, cast.integrity, me=stranger.staff_id, since=SINCE, zone=stranger.zone)
    assert found == []


def test_a_class_comes_in_register_order(database: Database, owner: Connection, cast: Cast) -> None:
    record_everything(owner, cast)

    with database.as_person(cast.mei) as session:
        found = records_of_class(session, cast.integrity, me=cast.mei.staff_id, since=SINCE, zone=cast.mei.zone)

    assert [one.student_id for one in found] == [cast.ana]


def test_attendance_is_counted_with_the_latest_day_that_tells_something(
    database: Database, owner: Connection, cast: Cast
) -> None:
    statuses = ["present", "late", "absent", "official_absence", "present"]
    for day, status in enumerate(statuses, start=1):
        owner.execute(_ATTEND, {"ana": cast.ana, "day": date(2026, 3, day), "status": status})

    ana = of_ana(database, cast.mei, cast)

    assert ana is not None
    figure = ana.attendance
    assert figure is not None
    assert (figure.counted, figure.late, figure.absent, figure.official) == (4, 1, 1, 1)
    assert figure.latest.on == date(2026, 3, 3)
    assert figure.latest.id == owner.scalar(text("select id from attendance where status = 'absent'"))


def test_the_latest_absence_and_the_latest_lateness_are_days_of_their_own(
    database: Database, owner: Connection, cast: Cast
) -> None:
    for day, status in enumerate(["late", "absent", "absent", "late", "present"], start=1):
        owner.execute(_ATTEND, {"ana": cast.ana, "day": date(2026, 3, day), "status": status})

    ana = of_ana(database, cast.mei, cast)

    assert ana is not None
    assert ana.attendance is not None
    absent, late = ana.attendance.latest_absent, ana.attendance.latest_late
    assert absent is not None
    assert late is not None
    assert (absent.on, late.on) == (date(2026, 3, 3), date(2026, 3, 4))
    same_day = text("select id from attendance where on_date = :day")
    assert absent.id == owner.scalar(same_day, {"day": absent.on})
    assert late.id == owner.scalar(same_day, {"day": late.on})


def test_who_was_always_there_has_the_last_day_as_the_record(database: Database, owner: Connection, cast: Cast) -> None:
    for day in (1, 2):
        owner.execute(_ATTEND, {"ana": cast.ana, "day": date(2026, 3, day), "status": "present"})

    ana = of_ana(database, cast.mei, cast)

    assert ana is not None
    assert ana.attendance is not None
    assert ana.attendance.latest.on == date(2026, 3, 2)
    assert (ana.attendance.latest_absent, ana.attendance.latest_late) == (None, None)


_ATTEND = text(
    "insert into attendance (school_id, student_id, on_date, status)"
    " select school_id, id, :day, :status from students where id = :ana"
)
