from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from core.roster.importing.current import (
    CurrentClass,
    CurrentEnrolment,
    CurrentRoster,
    CurrentSchool,
    CurrentStudent,
)
from core.roster.importing.diff import plan
from core.roster.importing.neutral import ClassKind, Kind, NeutralRoster
from core.roster.importing.plan import ImportPlan, Outcome, PlannedRow, Rights

Read = Callable[..., NeutralRoster]
Planned = Callable[..., ImportPlan]
Apply = Callable[[CurrentRoster, ImportPlan], CurrentRoster]

TODAY = date(2026, 11, 23)
INTEGRITY = CurrentClass(uuid4(), "5 Integrity", level="P5")
COURAGE = CurrentClass(uuid4(), "4 Courage", level="P4")
CHOIR = CurrentClass(uuid4(), "Choir", kind=ClassKind.CCA)
AISHA = CurrentStudent(uuid4(), "Aisha Binte Rahim", gender="female", level="P5")
BEN = CurrentStudent(uuid4(), "Ben Lim", level="P5", sourced_id="S-2")
CARL = CurrentStudent(uuid4(), "Carl Ong", level="P4", sourced_id="S-3")


def enrolled(student: CurrentStudent, in_class: CurrentClass, index_no: int | None = None) -> CurrentEnrolment:
    return CurrentEnrolment(uuid4(), in_class.id, student.id, index_no)


SCHOOL = CurrentRoster(
    CurrentSchool(uuid4(), "Bukit Timur Primary"),
    classes=(INTEGRITY, COURAGE, CHOIR),
    students=(AISHA, BEN, CARL),
    enrolments=(enrolled(AISHA, INTEGRITY, 1), enrolled(BEN, INTEGRITY, 2), enrolled(CARL, COURAGE, 1)),
)


def only(planned: ImportPlan) -> PlannedRow:
    (row,) = planned.rows
    return row


def names_in(roster: CurrentRoster, school_class: CurrentClass) -> list[str]:
    students = {student.id: student.full_name for student in roster.students}
    return sorted(students[here.student_id] for here in roster.enrolments if here.class_id == school_class.id)


def test_a_new_name_becomes_a_student_of_the_class(read: Read, admin_plan: Planned, apply_to: Apply) -> None:
    planned = admin_plan(SCHOOL, read("Name,Class,Index No\nDinesh s/o Kumar,5 integrity,3\n"))

    after = apply_to(SCHOOL, planned)

    assert (only(planned).outcome, only(planned).what) == (Outcome.CREATED, "New student in 5 Integrity")
    assert names_in(after, INTEGRITY) == ["Aisha Binte Rahim", "Ben Lim", "Dinesh s/o Kumar"]
    assert after.students[-1].level == "P5"
    assert after.enrolments[-1].index_no == 3


def test_the_same_list_changes_nothing(read: Read, admin_plan: Planned) -> None:
    row = only(admin_plan(SCHOOL, read("Name,Class,Index No\nAisha Binte Rahim,5 Integrity,1\n")))

    assert (row.outcome, row.what, row.changes) == (Outcome.UNCHANGED, "Same as before", ())


def test_what_differs_is_said_and_changed(read: Read, admin_plan: Planned, apply_to: Apply) -> None:
    text = "Name,Class,Index No,Preferred name,Gender\nAISHA  binte Rahim,5 Integrity,9,Aisha,\n"

    planned = admin_plan(SCHOOL, read(text))

    assert only(planned).outcome is Outcome.CHANGED
    assert only(planned).what == (
        "Name: Aisha Binte Rahim → AISHA  binte Rahim; Preferred name: none → Aisha; Index number: 1 → 9"
    )
    changed = apply_to(SCHOOL, planned).student_by_id[AISHA.id]
    assert (changed.preferred_name, changed.gender) == ("Aisha", "female")


def test_a_student_missing_from_the_list_is_kept(read: Read, admin_plan: Planned, apply_to: Apply) -> None:
    after = apply_to(SCHOOL, admin_plan(SCHOOL, read("Name,Class\nAisha Binte Rahim,5 Integrity\n")))

    assert names_in(after, INTEGRITY) == ["Aisha Binte Rahim", "Ben Lim"]


def test_a_list_without_classes_goes_into_the_chosen_one(read: Read, admin_plan: Planned) -> None:
    roster = read("Name\nEve Tan\n")

    assert only(admin_plan(SCHOOL, roster, into_class=COURAGE.id)).what == "New student in 4 Courage"
    assert "choose the one" in only(admin_plan(SCHOOL, roster)).what


def test_an_unknown_class_refuses_the_row(read: Read, admin_plan: Planned) -> None:
    row = only(admin_plan(SCHOOL, read("Name,Class\nEve Tan,5 Integirty\n")))

    assert (row.outcome, row.column) == (Outcome.REFUSED, "Class")
    assert row.what == "“5 Integirty” is not a class here. Correct it, or let this import create it."


def test_a_teacher_is_sent_to_an_admin_for_a_class_that_is_not_theirs(read: Read) -> None:
    may = Rights(is_admin=False, class_ids=frozenset({INTEGRITY.id}), create_classes=True)

    planned = plan(SCHOOL, read("Name,Class\nEve Tan,1A\n"), may=may, today=TODAY)

    assert only(planned).what == "“1A” is not a class you teach. Correct it, or ask an admin."
    assert planned.missing_classes == ()


CREATE = Rights(is_admin=True, create_classes=True)
NEW_CLASSES = "Name,Level,Class,No\nEve Tan,P1,1A,1\nFay Ho,P1,1a,2\nGil Lee,P1,1B,1\nHui Min,P2,1B,2\n"


def test_classes_that_are_not_here_are_named_and_made_only_when_wanted(
    read: Read, admin_plan: Planned, apply_to: Apply
) -> None:
    refused = admin_plan(SCHOOL, read(NEW_CLASSES))
    planned = plan(SCHOOL, read(NEW_CLASSES), may=CREATE, today=TODAY)

    after = apply_to(SCHOOL, planned)

    assert (len(refused.of(Outcome.REFUSED)), refused.new_classes) == (4, 0)
    assert refused.missing_classes == planned.missing_classes == ("1A", "1B")
    assert [row.what for row in planned.rows] == [
        "New class 1A, new student in 1A",
        "New student in 1A",
        "New class 1B, new student in 1B",
        "New student in 1B",
    ]
    assert planned.counts(Outcome.CREATED) == {Kind.STUDENTS: 4}
    assert [(one.name, one.level, one.kind) for one in after.classes[-2:]] == [
        ("1A", "P1", ClassKind.FORM),
        ("1B", None, ClassKind.FORM),
    ]
    assert names_in(after, after.classes[-2]) == ["Eve Tan", "Fay Ho"]


def test_a_new_class_comes_with_its_first_row_that_is_taken(read: Read, apply_to: Apply) -> None:
    text = "Name,Class,Student ID\nEve,1A,\nEve,1A,\nCarl Ong,1A,S-3\n"

    planned = plan(SCHOOL, read(text), may=CREATE, today=TODAY)

    assert [row.outcome for row in planned.rows] == [Outcome.REFUSED, Outcome.REFUSED, Outcome.MOVED]
    assert planned.rows[2].what == "New class 1A, moves from 4 Courage to 1A"
    assert names_in(apply_to(SCHOOL, planned), apply_to(SCHOOL, planned).classes[-1]) == ["Carl Ong"]


def test_a_class_whose_rows_are_all_refused_is_not_made(read: Read) -> None:
    planned = plan(SCHOOL, read("Name,Class\nEve,1A\nEve,1A\n"), may=CREATE, today=TODAY)

    assert planned.changes == ()


def test_a_student_named_by_id_moves_between_form_classes(read: Read, admin_plan: Planned, apply_to: Apply) -> None:
    planned = admin_plan(SCHOOL, read("Name,Class,Student ID\nCarl Ong,5 Integrity,S-3\n"))

    after = apply_to(SCHOOL, planned)

    assert only(planned).outcome is Outcome.MOVED
    assert only(planned).what == "Moves from 4 Courage to 5 Integrity; Level: P4 → P5"
    assert (names_in(after, COURAGE), "Carl Ong" in names_in(after, INTEGRITY)) == ([], True)


def test_a_name_moves_only_when_the_file_lists_the_old_class_too(read: Read, admin_plan: Planned) -> None:
    alone = only(admin_plan(SCHOOL, read("Name,Class\nCarl Ong,5 Integrity\n")))
    whole_year = admin_plan(SCHOOL, read("Name,Class\nCarl Ong,5 Integrity\nFay Goh,4 Courage\n"))

    assert alone.outcome is Outcome.CREATED
    assert alone.what == "New student in 5 Integrity. 4 Courage has the same name; is it someone else?"
    assert [row.outcome for row in whole_year.rows] == [Outcome.MOVED, Outcome.CREATED]


def test_a_student_joins_a_cca_without_leaving_the_form_class(read: Read, admin_plan: Planned, apply_to: Apply) -> None:
    planned = admin_plan(SCHOOL, read("Name\nBen Lim\n"), into_class=CHOIR.id)

    after = apply_to(SCHOOL, planned)

    assert (only(planned).outcome, only(planned).what) == (Outcome.CHANGED, "Joins Choir")
    assert "Ben Lim" in names_in(after, INTEGRITY)
    assert names_in(after, CHOIR) == ["Ben Lim"]


def test_two_of_one_name_in_the_file_are_told_apart_by_index_numbers_alone(read: Read, admin_plan: Planned) -> None:
    unclear = admin_plan(SCHOOL, read("Name,Class\nEve Tan,5 Integrity\nEve Tan,5 Integrity\n"))
    clear = admin_plan(SCHOOL, read("Name,Class,No\nEve Tan,5 Integrity,5\nEve Tan,5 Integrity,6\n"))

    assert [row.outcome for row in unclear.rows] == [Outcome.REFUSED, Outcome.REFUSED]
    assert "Add index numbers" in unclear.rows[0].what
    assert [row.outcome for row in clear.rows] == [Outcome.CREATED, Outcome.CREATED]


def test_two_of_one_name_in_the_class_are_told_apart_by_index_numbers_alone(read: Read, admin_plan: Planned) -> None:
    twin = CurrentStudent(uuid4(), "Aisha binte rahim", level="P5")
    school = replace(
        SCHOOL, students=(*SCHOOL.students, twin), enrolments=(*SCHOOL.enrolments, enrolled(twin, INTEGRITY, 8))
    )

    unclear = only(admin_plan(school, read("Name,Class\nAisha Binte Rahim,5 Integrity\n")))
    clear = only(admin_plan(school, read("Name,Class,No\nAisha Binte Rahim,5 Integrity,1\n")))

    assert unclear.outcome is Outcome.REFUSED
    assert clear.outcome is Outcome.UNCHANGED


def test_a_student_id_is_added_to_the_student_of_that_name(read: Read, admin_plan: Planned, apply_to: Apply) -> None:
    roster = read("Name,Class,Student ID\nAisha Binte Rahim,5 Integrity,S-1\n")

    after = apply_to(SCHOOL, admin_plan(SCHOOL, roster))

    assert after.student_by_id[AISHA.id].sourced_id == "S-1"
    assert only(admin_plan(after, roster)).outcome is Outcome.UNCHANGED


def test_another_id_is_another_student_of_the_same_name(read: Read, admin_plan: Planned) -> None:
    row = only(admin_plan(SCHOOL, read("Name,Class,Student ID\nBen Lim,5 Integrity,S-77\n")))

    assert row.outcome is Outcome.CREATED


def test_one_id_on_two_rows_is_refused_unless_they_are_alike(read: Read, admin_plan: Planned) -> None:
    text = "Name,Class,Student ID\nEve,5 Integrity,S-5\nEve,5 Integrity,S-5\nEva,5 Integrity,S-5\n"

    planned = admin_plan(SCHOOL, read(text))

    assert [row.outcome for row in planned.rows] == [Outcome.CREATED, Outcome.IGNORED, Outcome.REFUSED]
    assert "row 2" in planned.rows[1].what


def test_a_namesake_with_an_id_of_their_own_makes_a_name_no_clearer(
    read: Read, admin_plan: Planned, apply_to: Apply
) -> None:
    roster = read("Name,Class,No,Student ID\nBen Lim,5 Integrity,9,\nBen Lim,5 Integrity,,S-9\n")
    planned = admin_plan(SCHOOL, roster)

    again = admin_plan(apply_to(SCHOOL, planned), roster)

    assert [row.outcome for row in planned.rows] == [Outcome.REFUSED, Outcome.CREATED]
    assert [row.outcome for row in again.rows] == [Outcome.REFUSED, Outcome.UNCHANGED]


def test_an_index_number_of_someone_who_keeps_it_is_refused(read: Read, admin_plan: Planned) -> None:
    row = only(admin_plan(SCHOOL, read("Name,Class,Index No\nEve Tan,5 Integrity,2\n")))

    assert (row.outcome, row.column) == (Outcome.REFUSED, "Index No")
    assert row.what == "Index number 2 of 5 Integrity belongs to Ben Lim. Correct one of the two."


def test_an_index_number_twice_in_the_file_is_refused_the_second_time(read: Read, admin_plan: Planned) -> None:
    planned = admin_plan(SCHOOL, read("Name,Class,Index No\nEve Tan,5 Integrity,7\nFay Goh,5 Integrity,7\n"))

    assert [row.outcome for row in planned.rows] == [Outcome.CREATED, Outcome.REFUSED]
    assert "belongs to row 2" in planned.rows[1].what


def test_index_numbers_may_be_swapped(read: Read, admin_plan: Planned, apply_to: Apply) -> None:
    roster = read("Name,Class,Index No\nAisha Binte Rahim,5 Integrity,2\nBen Lim,5 Integrity,1\n")

    after = apply_to(SCHOOL, admin_plan(SCHOOL, roster))

    assert {here.student_id: here.index_no for here in after.enrolments_of_class[INTEGRITY.id]} == {
        AISHA.id: 2,
        BEN.id: 1,
    }


def test_who_moves_away_frees_the_index_number(read: Read, admin_plan: Planned) -> None:
    text = "Name,Class,Index No,Student ID\nCarl Ong,5 Integrity,3,S-3\nFay Goh,4 Courage,1,\n"

    planned = admin_plan(SCHOOL, read(text))

    assert [row.outcome for row in planned.rows] == [Outcome.MOVED, Outcome.CREATED]


def test_a_refused_row_keeps_its_old_index_number_from_others(read: Read, admin_plan: Planned) -> None:
    text = "Name,Index No\nAisha Binte Rahim,5\nEve,1\nBen Lim,5\nFay,2\n"

    planned = admin_plan(SCHOOL, read(text), into_class=INTEGRITY.id)

    assert [row.outcome for row in planned.rows] == [
        Outcome.CHANGED,
        Outcome.CREATED,
        Outcome.REFUSED,
        Outcome.REFUSED,
    ]


def test_a_student_who_had_left_comes_back(read: Read, admin_plan: Planned) -> None:
    school = replace(SCHOOL, students=(AISHA, BEN, replace(CARL, status="left")), enrolments=SCHOOL.enrolments[:2])

    row = only(admin_plan(school, read("Name,Class,Student ID\nCarl Ong,4 Courage,S-3\n")))

    assert (row.outcome, row.what) == (Outcome.CHANGED, "Joins 4 Courage; Status: left → active")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Name,Class\nEve Tan,5 Integrity\n", Outcome.CREATED),
        ("Name,Class\nEve Tan,4 Courage\n", Outcome.REFUSED),
        ("Name,Class,Student ID\nCarl Ong,5 Integrity,S-3\n", Outcome.REFUSED),
    ],
)
def test_a_teacher_imports_into_their_own_classes_alone(read: Read, text: str, outcome: Outcome) -> None:
    mine = Rights(is_admin=False, class_ids=frozenset({INTEGRITY.id}))

    row = only(plan(SCHOOL, read(text), may=mine, today=TODAY))

    assert row.outcome is outcome
    assert bool(row.changes) is (outcome is Outcome.CREATED)


def test_a_teacher_brings_nobody_back_who_left(read: Read) -> None:
    school = replace(SCHOOL, students=(AISHA, replace(BEN, status="left"), CARL))
    mine = Rights(is_admin=False, class_ids=frozenset({INTEGRITY.id}))

    row = only(plan(school, read("Name,Class,Student ID\nBen Lim,5 Integrity,S-2\n"), may=mine, today=TODAY))

    assert (row.outcome, row.what) == (Outcome.REFUSED, "Has left the school. Ask an admin to bring them back.")


def test_the_digest_tells_whether_the_plan_still_fits(read: Read, admin_plan: Planned, apply_to: Apply) -> None:
    roster = read("Name,Class\nEve Tan,5 Integrity\n")
    planned = admin_plan(SCHOOL, roster)

    assert admin_plan(SCHOOL, roster).digest == planned.digest
    assert admin_plan(apply_to(SCHOOL, planned), roster).digest != planned.digest


def test_new_ids_come_from_outside(read: Read, admin_plan: Planned) -> None:
    ids = iter([UUID(int=1), UUID(int=2)])

    planned = admin_plan(SCHOOL, read("Name,Class\nEve Tan,5 Integrity\n"), new_id=lambda: next(ids))

    assert [change.id for change in planned.changes] == [UUID(int=1), UUID(int=2)]
