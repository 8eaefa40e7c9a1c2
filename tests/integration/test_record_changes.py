"""Adding, correcting and removing a student's records, as named people over a real database."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import NotAllowed, RecordChanged, RecordExists, RecordGone, UnknownStudent
from core.roster.reads import Roster
from core.roster.records.entries import (
    AttendanceEntry,
    CaseEntry,
    Entry,
    NoteEntry,
    ObservationEntry,
    ResultEntry,
)
from core.roster.records.service import Records
from core.roster.views import StudentRecords
from tests.cast import Cast, enrol
from tests.integration.db.records import names_of

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
LATE = AttendanceEntry(date(2026, 11, 20), "day", "late", "Bus was late")
RESULT = ResultEntry("Science", "Term 4", "Quiz", Decimal("12.5"), Decimal(20), Decimal(10), date(2026, 11, 20))
SEEN = ObservationEntry(datetime(2026, 11, 20, 1, 0, tzinfo=UTC), "strength", "Helped a classmate")
CASE = CaseEntry("sen", "low", "open", "Needs larger print", date(2026, 2, 2), None)
NOTE = NoteEntry("discuss", "Bring the reading log")
EVERY = (LATE, RESULT, SEEN, CASE, NOTE)
CORRECTED: dict[Entry, Entry] = {
    LATE: replace(LATE, status="absent", reason=None),
    RESULT: replace(RESULT, score=None),
    SEEN: replace(SEEN, kind="concern", text="Helped too much"),
    CASE: replace(CASE, status="closed", closed_on=date(2026, 11, 23)),
    NOTE: replace(NOTE, override=None),
}


@pytest.fixture
def records(database: Database) -> Records:
    return Records(database=database, now=lambda: NOW)


def kept(database: Database, person: Person, student_id: UUID) -> StudentRecords:
    return Roster(database=database).records(person, student_id)


def entries(found: StudentRecords) -> list[Entry]:
    every: list[Any] = [*found.days, *found.results, *found.observations, *found.cases, *found.notes]
    return [one.entry for one in every]


def audited(owner: Connection) -> list[str]:
    return list(owner.scalars(text("select action from audit_log order by created_at")))


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: type(entry).__name__)
def test_each_kind_is_added_corrected_and_read_again(
    records: Records, database: Database, owner: Connection, cast: Cast, entry: Entry
) -> None:
    record_id = records.add(cast.mei, cast.ana, entry)
    assert entries(kept(database, cast.mei, cast.ana)) == [entry]

    records.correct(cast.mei, record_id, entry, CORRECTED[entry])

    assert entries(kept(database, cast.mei, cast.ana)) == [CORRECTED[entry]]
    assert [action.split(".")[1] for action in audited(owner)] == ["added", "corrected"]


@pytest.mark.parametrize("entry", [LATE, RESULT, SEEN, NOTE], ids=lambda entry: type(entry).__name__)
def test_what_may_go_is_removed_with_one_line_in_the_audit_log(
    records: Records, database: Database, owner: Connection, cast: Cast, entry: Entry
) -> None:
    record_id = records.add(cast.mei, cast.ana, entry)

    records.remove(cast.mei, record_id, entry)

    assert entries(kept(database, cast.mei, cast.ana)) == []
    assert [action.split(".")[1] for action in audited(owner)] == ["added", "removed"]


def test_a_case_is_closed_and_never_removed(records: Records, cast: Cast) -> None:
    record_id = records.add(cast.mei, cast.ana, CASE)

    with pytest.raises(NotAllowed, match="closed and not removed"):
        records.remove(cast.mei, record_id, CASE)


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: type(entry).__name__)
def test_saving_what_is_there_already_is_no_change(
    records: Records, owner: Connection, cast: Cast, entry: Entry
) -> None:
    record_id = records.add(cast.mei, cast.ana, entry)

    records.correct(cast.mei, record_id, entry, entry)

    assert len(audited(owner)) == 1


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: type(entry).__name__)
@pytest.mark.parametrize("name", ["arjun", "ben"])
def test_a_stranger_s_student_is_unknown(records: Records, cast: Cast, entry: Entry, name: str) -> None:
    with pytest.raises(UnknownStudent):
        records.add(getattr(cast, name), cast.ana, entry)


@pytest.mark.parametrize(
    ("entry", "who"),
    [
        (LATE, ["mei", "devi", "siti"]),
        (RESULT, ["mei", "devi", "siti"]),
        (SEEN, ["mei"]),
        (CASE, ["mei", "siti"]),
        (NOTE, ["mei"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_who_may_correct_what_mei_wrote(records: Records, cast: Cast, entry: Entry, who: list[str]) -> None:
    record_id = records.add(cast.mei, cast.ana, entry)
    may = []

    for name in ("mei", "devi", "arjun", "siti", "ben"):
        try:
            records.correct(getattr(cast, name), record_id, entry, CORRECTED[entry])
        except RecordGone:
            continue
        may.append(name)
        records.correct(getattr(cast, name), record_id, CORRECTED[entry], entry)

    assert may == who


def test_a_subject_teacher_reads_no_cases_and_is_told_who_keeps_them(
    records: Records, database: Database, cast: Cast
) -> None:
    records.add(cast.mei, cast.ana, CASE)

    found = kept(database, cast.devi, cast.ana)
    assert (found.cases, found.may_keep_cases) == ((), False)
    with pytest.raises(NotAllowed, match="kept by the form teacher and by admins"):
        records.add(cast.devi, cast.ana, CASE)


@pytest.mark.parametrize(
    ("name", "may"), [("mei", True), ("siti", True), ("devi", False), ("arjun", False), ("ben", False)]
)
def test_form_teachers_and_admins_keep_cases(database: Database, cast: Cast, name: str, may: bool) -> None:
    assert kept(database, getattr(cast, name), cast.ana).may_keep_cases == may


def test_an_author_is_named_where_only_the_author_may_change(records: Records, database: Database, cast: Cast) -> None:
    for person in (cast.mei, cast.devi):
        records.add(person, cast.ana, replace(SEEN, text=f"Seen by {person.full_name}"))
        records.add(person, cast.ana, NOTE)

    found = kept(database, cast.devi, cast.ana)

    assert {(one.author, one.may_change) for one in found.observations} == {("Mei Tan", False), ("Devi Raj", True)}
    assert [(one.author, one.may_change) for one in found.notes] == [("Devi Raj", True), ("Mei Tan", False)]


def test_somebody_else_s_newer_change_is_not_overwritten_blindly(
    records: Records, database: Database, owner: Connection, cast: Cast
) -> None:
    record_id = records.add(cast.mei, cast.ana, LATE)
    records.correct(cast.devi, record_id, LATE, replace(LATE, reason="Called by home"))

    with pytest.raises(RecordChanged):
        records.correct(cast.mei, record_id, LATE, replace(LATE, status="absent"))
    with pytest.raises(RecordChanged):
        records.remove(cast.mei, record_id, LATE)

    assert entries(kept(database, cast.mei, cast.ana)) == [replace(LATE, reason="Called by home")]
    assert len(audited(owner)) == 2


def test_what_was_removed_meanwhile_can_t_be_corrected(records: Records, cast: Cast) -> None:
    record_id = records.add(cast.mei, cast.ana, LATE)
    records.remove(cast.devi, record_id, LATE)

    with pytest.raises(RecordGone):
        records.correct(cast.mei, record_id, LATE, replace(LATE, status="absent"))


@pytest.mark.parametrize(
    ("entry", "twin", "sentence"),
    [
        (LATE, replace(LATE, status="absent"), "20 Nov 2026 is on record already: late."),
        (LATE, replace(LATE, session="DAY"), "20 Nov 2026 is on record already: late."),
        (RESULT, replace(RESULT, score=Decimal(1)), "Quiz in Science, Term 4, is on record already, of 20 Nov 2026."),
        (RESULT, replace(RESULT, subject="SCIENCE", assessment="quiz "), "Quiz in Science, Term 4, is on record"),
        (NOTE, replace(NOTE, text="Another"), "You have a note on this student already."),
    ],
)
def test_one_of_the_same_day_or_assessment_is_named_by_its_id(
    records: Records, cast: Cast, entry: Entry, twin: Entry, sentence: str
) -> None:
    record_id = records.add(cast.mei, cast.ana, entry)

    with pytest.raises(RecordExists, match=sentence) as refused:
        records.add(cast.mei, cast.ana, twin)

    assert refused.value.record_id == record_id


@pytest.mark.parametrize(
    ("entry", "other"),
    [
        (LATE, replace(LATE, session="Afternoon")),
        (LATE, replace(LATE, on_date=date(2026, 11, 19))),
        (RESULT, replace(RESULT, term="Term 3")),
        (SEEN, SEEN),
        (CASE, CASE),
    ],
)
def test_another_day_session_term_or_matter_is_another_record(
    records: Records, database: Database, cast: Cast, entry: Entry, other: Entry
) -> None:
    records.add(cast.mei, cast.ana, entry)
    records.add(cast.mei, cast.ana, other)

    assert len(entries(kept(database, cast.mei, cast.ana))) == 2


def test_of_two_who_add_the_same_at_once_one_hears_of_the_other(
    records: Records, database: Database, owner: Connection, cast: Cast
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with database.as_person(cast.devi) as session:
            theirs = session.scalar(text(ADD_LATE), names_of(cast))
            mine = pool.submit(records.add, cast.mei, cast.ana, LATE)
            wait_until_somebody_waits(owner)

        with pytest.raises(RecordExists) as refused:
            mine.result()

    assert refused.value.record_id == theirs
    assert len(entries(kept(database, cast.mei, cast.ana))) == 1


ADD_LATE = """
    insert into attendance (school_id, student_id, on_date, status) values (:school, :ana, '2026-11-20', 'late')
    returning id
"""


def wait_until_somebody_waits(owner: Connection) -> None:
    # What other logins wait for is not told in pg_stat_activity; locks are.
    waiting = "select count(*) from pg_locks where not granted and locktype in ('transactionid', 'speculative token')"
    give_up_at = time.monotonic() + 60
    while not owner.scalar(text(waiting)):
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def test_a_subject_typed_in_another_case_is_the_one_that_is_known(
    records: Records, database: Database, cast: Cast
) -> None:
    records.add(cast.mei, cast.ana, RESULT)

    records.add(cast.mei, cast.ana, replace(RESULT, subject="science", term="term 4", assessment="Exam"))

    found = kept(database, cast.mei, cast.ana).results
    assert {(one.entry.subject, one.entry.term) for one in found} == {("Science", "Term 4")}


def test_the_class_s_names_are_offered_and_no_other_class_s(records: Records, owner: Connection, cast: Cast) -> None:
    mate = enrol(owner, cast.integrity, "Aarav Pillai")
    records.add(cast.mei, mate, replace(RESULT, subject="Art", assessment="Portfolio"))
    records.add(cast.arjun, cast.bala, replace(RESULT, subject="Tamil", assessment="Oral"))

    names = records.names(cast.mei, cast.ana)

    assert (names.subjects, names.assessments) == (("Art",), ("Portfolio",))
    assert (names.terms, names.term) == (("Term 1", "Term 2", "Term 3", "Term 4"), "Term 4")


def test_what_one_teaches_is_the_likely_subject(records: Records, owner: Connection, cast: Cast) -> None:
    owner.execute(text("update classes set subject = 'Mathematics' where id = :id"), {"id": cast.integrity})

    assert records.names(cast.devi, cast.ana).subject == "Mathematics"
    assert records.names(cast.siti, cast.ana).subject is None


def test_the_latest_ten_days_of_no_plain_presence_and_those_asked_for(
    records: Records, database: Database, cast: Cast
) -> None:
    added = {
        day: records.add(cast.mei, cast.ana, AttendanceEntry(date(2026, 10, day), "day", "late", None))
        for day in range(1, 13)
    }
    present = records.add(cast.mei, cast.ana, AttendanceEntry(date(2026, 10, 20), "day", "present", None))
    roster = Roster(database=database)

    latest = roster.records(cast.mei, cast.ana).days
    besides = roster.records(cast.mei, cast.ana, [present, added[1]]).days

    assert [one.entry.on_date.day for one in latest] == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]
    assert [one.entry.on_date.day for one in besides] == [20, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 1]
