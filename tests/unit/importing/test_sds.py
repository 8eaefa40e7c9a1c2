from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from core.errors import NotAllowed, UnreadableFile
from core.roster.importing.current import (
    CurrentClass,
    CurrentEnrolment,
    CurrentRoster,
    CurrentSchool,
    CurrentStaff,
    CurrentStudent,
)
from core.roster.importing.diff import plan
from core.roster.importing.neutral import ClassKind, Kind, NeutralRoster
from core.roster.importing.plan import ImportPlan, Outcome, PlannedRow, Rights
from core.roster.importing.recognition import read_roster
from core.roster.importing.schools import each_school, only_school, schools_in
from core.roster.importing.uploads import Upload

Planned = Callable[..., ImportPlan]
Apply = Callable[[CurrentRoster, ImportPlan], CurrentRoster]

SCHOOL = CurrentRoster(CurrentSchool(uuid4(), "Contoso"))
FILES = {
    "School": "SIS ID,Name\n1,Contoso\n",
    "Section": "SIS ID,School SIS ID,Section Name\nm1,1,Math 1\n",
    "Student": "SIS ID,School SIS ID,First Name,Last Name,Username,Status\ns1,1,Ora,Klein,OKlein,Active\n",
    "Teacher": "SIS ID,School SIS ID,Username,First Name,Last Name\nt1,1,cb@contoso.example,Craig,Beane\n",
    "StudentEnrollment": "Section SIS ID,SIS ID\nm1,s1\n",
    "TeacherRoster": "Section SIS ID,SIS ID\nm1,t1\n",
}


def sds(**changed: str) -> NeutralRoster:
    """The six files, some with other text; an empty one is left out."""
    files = FILES | changed
    return read_roster([Upload(f"{name}.csv", text.encode()) for name, text in files.items() if text])


def of_kind(planned: ImportPlan, kind: Kind) -> list[PlannedRow]:
    return [row for row in planned.rows if row.kind is kind]


def test_a_complete_export_makes_the_school(admin_plan: Planned, apply_to: Apply) -> None:
    planned = admin_plan(CurrentRoster(None), sds())

    after = apply_to(CurrentRoster(None), planned)

    assert {row.what for row in planned.rows} == {
        "New school",
        "New class",
        "New student",
        "New teacher",
        "Joins Math 1",
        "Teaches Math 1",
    }
    assert after.school is not None
    assert after.classes[0].kind is ClassKind.SUBJECT
    assert (after.staff[0].full_name, after.staff[0].email) == ("Craig Beane", "cb@contoso.example")
    assert after.enrolments[0].student_id == after.students[0].id
    assert after.class_staff[0].role == "subject"


def test_changes_are_ordered_so_that_each_finds_what_it_refers_to(admin_plan: Planned) -> None:
    kinds = [change.kind for change in admin_plan(CurrentRoster(None), sds()).changes]

    assert kinds == [
        Kind.SCHOOLS,
        Kind.CLASSES,
        Kind.STAFF,
        Kind.STUDENTS,
        Kind.ENROLMENTS,
        Kind.CLASS_STAFF,
    ]


def test_a_school_that_is_here_keeps_its_name(admin_plan: Planned) -> None:
    here = replace(SCHOOL, school=CurrentSchool(uuid4(), "Bukit Timur Primary"))

    (row,) = of_kind(admin_plan(here, sds()), Kind.SCHOOLS)

    assert (row.outcome, row.what, row.changes) == (Outcome.UNCHANGED, "Goes into Bukit Timur Primary", ())


def test_an_inactive_student_and_their_enrolments_are_ignored(admin_plan: Planned) -> None:
    planned = admin_plan(SCHOOL, sds(Student=FILES["Student"].replace("Active", "Inactive")))

    (student,), (enrolment,) = of_kind(planned, Kind.STUDENTS), of_kind(planned, Kind.ENROLMENTS)

    assert (student.outcome, student.name) == (Outcome.IGNORED, "Ora Klein")
    assert (enrolment.outcome, enrolment.what) == (
        Outcome.IGNORED,
        "Student s1 is left out: Inactive in the file",
    )


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("m9,s1", "Section SIS ID", "Class m9 is not in this file or in the roster"),
        ("m1,s9", "SIS ID", "Student s9 is not in this file or in the roster"),
        ("m1,t1", "SIS ID", "t1 is a teacher, not a student"),
        ("m1,", "SIS ID", "No SIS ID"),
    ],
)
def test_an_enrolment_of_what_is_unknown_is_refused(admin_plan: Planned, row: str, column: str, says: str) -> None:
    planned = admin_plan(SCHOOL, sds(StudentEnrollment=f"Section SIS ID,SIS ID\n{row}\n"))

    (enrolment,) = of_kind(planned, Kind.ENROLMENTS)

    assert (enrolment.outcome, enrolment.column, enrolment.source.row) == (Outcome.REFUSED, column, 2)
    assert says in enrolment.what


def test_a_student_as_teacher_of_a_class_is_refused(admin_plan: Planned) -> None:
    (row,) = of_kind(admin_plan(SCHOOL, sds(TeacherRoster="Section SIS ID,SIS ID\nm1,s1\n")), Kind.CLASS_STAFF)

    assert row.outcome is Outcome.REFUSED
    assert "s1 is a student" in row.what


def test_links_alone_find_their_people_in_the_roster(admin_plan: Planned, apply_to: Apply) -> None:
    people = apply_to(SCHOOL, admin_plan(SCHOOL, sds(StudentEnrollment="", TeacherRoster="")))

    planned = admin_plan(people, sds(School="", Section="", Student="", Teacher=""))

    assert [row.outcome for row in planned.rows] == [Outcome.CREATED, Outcome.CREATED]


def test_a_row_that_stands_twice_counts_once(admin_plan: Planned) -> None:
    twice = "SIS ID,School SIS ID,Username\ns1,1,OKlein\ns1,1,OKlein\ns1,1,Other\n"

    planned = admin_plan(SCHOOL, sds(Student=twice, StudentEnrollment=FILES["StudentEnrollment"] + "m1,s1\n"))

    assert [row.outcome for row in of_kind(planned, Kind.STUDENTS)] == [
        Outcome.CREATED,
        Outcome.IGNORED,
        Outcome.REFUSED,
    ]
    assert [row.outcome for row in of_kind(planned, Kind.ENROLMENTS)] == [Outcome.CREATED, Outcome.IGNORED]


def test_a_user_name_never_replaces_a_name_and_a_name_clears_the_flag(admin_plan: Planned, apply_to: Apply) -> None:
    nameless = sds(Student="SIS ID,School SIS ID,Username\ns1,1,oklein@contoso.example\n")
    flagged = apply_to(SCHOOL, admin_plan(SCHOOL, nameless))
    named = apply_to(flagged, admin_plan(flagged, sds()))

    again = admin_plan(named, nameless)

    assert (flagged.students[0].full_name, flagged.students[0].name_to_check) == ("oklein", True)
    assert (named.students[0].full_name, named.students[0].name_to_check) == ("Ora Klein", False)
    assert not again.changes


def test_a_known_email_is_never_overwritten_and_an_empty_one_is_filled(admin_plan: Planned, apply_to: Apply) -> None:
    known = replace(SCHOOL, staff=(CurrentStaff(uuid4(), "Craig Beane", "t1", email="craig@here.example"),))
    without = replace(SCHOOL, staff=(CurrentStaff(uuid4(), "Craig Beane", "t1"),))

    assert of_kind(admin_plan(known, sds()), Kind.STAFF)[0].outcome is Outcome.UNCHANGED
    assert apply_to(without, admin_plan(without, sds())).staff[0].email == "cb@contoso.example"


def test_someone_entered_by_email_is_the_teacher_of_the_file(admin_plan: Planned, apply_to: Apply) -> None:
    here = replace(SCHOOL, staff=(CurrentStaff(uuid4(), "Craig Beane", email="CB@contoso.example"),))

    after = apply_to(here, admin_plan(here, sds()))

    assert [(staff.id, staff.sourced_id) for staff in after.staff] == [(here.staff[0].id, "t1")]


def test_one_person_is_not_two_teachers_of_the_file(admin_plan: Planned) -> None:
    here = replace(SCHOOL, staff=(CurrentStaff(uuid4(), "Craig Beane", email="cb@contoso.example"),))

    planned = admin_plan(here, sds(Teacher=FILES["Teacher"] + "t2,1,cb@contoso.example,Craig,Beane\n"))

    assert [row.outcome for row in of_kind(planned, Kind.STAFF)] == [Outcome.CHANGED, Outcome.REFUSED]


def test_another_persons_email_is_refused_with_their_classes(admin_plan: Planned) -> None:
    here = replace(SCHOOL, staff=(CurrentStaff(uuid4(), "Mei Tan", "t9", email="cb@contoso.example"),))

    planned = admin_plan(here, sds())

    assert of_kind(planned, Kind.STAFF)[0].what == "cb@contoso.example is the e-mail of Mei Tan. Correct the e-mail."
    assert of_kind(planned, Kind.CLASS_STAFF)[0].outcome is Outcome.REFUSED


def test_a_removed_member_does_not_come_back_by_a_file(admin_plan: Planned) -> None:
    here = replace(SCHOOL, staff=(CurrentStaff(uuid4(), "Craig Beane", "t1", active=False),))

    planned = admin_plan(here, sds())

    assert of_kind(planned, Kind.STAFF)[0].outcome is Outcome.IGNORED
    assert of_kind(planned, Kind.CLASS_STAFF)[0].outcome is Outcome.IGNORED


def test_an_archived_class_takes_nobody(admin_plan: Planned) -> None:
    archived = CurrentClass(uuid4(), "Math 1", ClassKind.SUBJECT, sourced_id="m1", is_archived=True)

    planned = admin_plan(replace(SCHOOL, classes=(archived,)), sds())

    assert of_kind(planned, Kind.CLASSES)[0].outcome is Outcome.IGNORED
    assert of_kind(planned, Kind.ENROLMENTS)[0].outcome is Outcome.IGNORED


def test_a_class_made_by_hand_is_taken_over_by_its_name(admin_plan: Planned) -> None:
    by_hand = CurrentClass(uuid4(), "math  1", ClassKind.SUBJECT)

    (row,) = of_kind(admin_plan(replace(SCHOOL, classes=(by_hand,)), sds()), Kind.CLASSES)

    assert (row.outcome, row.what) == (Outcome.CHANGED, "Name: math  1 → Math 1; Id: none → m1")


def test_a_name_of_another_form_class_is_refused(admin_plan: Planned) -> None:
    first, second = (
        CurrentClass(uuid4(), "4 Courage", sourced_id="m1"),
        CurrentClass(uuid4(), "Math 1", sourced_id="m2"),
    )

    (row,) = of_kind(admin_plan(replace(SCHOOL, classes=(first, second)), sds()), Kind.CLASSES)

    assert (row.outcome, row.what) == (Outcome.REFUSED, "Another form class is called Math 1. Correct the name.")


def test_an_enrolment_in_another_form_class_moves_the_student(admin_plan: Planned, apply_to: Apply) -> None:
    old, new = CurrentClass(uuid4(), "4 Courage", sourced_id="m0"), CurrentClass(uuid4(), "Math 1", sourced_id="m1")
    student = CurrentStudent(uuid4(), "Ora Klein", "s1")
    enrolment = CurrentEnrolment(uuid4(), old.id, student.id)
    here = replace(SCHOOL, classes=(old, new), students=(student,), enrolments=(enrolment,))

    planned = admin_plan(here, sds())

    (row,) = of_kind(planned, Kind.ENROLMENTS)
    assert (row.outcome, row.what) == (Outcome.MOVED, "Moves from 4 Courage to Math 1")
    assert [here.class_id for here in apply_to(here, planned).enrolments] == [new.id]


def test_a_form_class_that_the_file_names_is_not_left_for_another(admin_plan: Planned, apply_to: Apply) -> None:
    old, new = CurrentClass(uuid4(), "4 Courage", sourced_id="m0"), CurrentClass(uuid4(), "Math 1", sourced_id="m1")
    student = CurrentStudent(uuid4(), "Ora Klein", "s1")
    enrolment = CurrentEnrolment(uuid4(), old.id, student.id)
    here = replace(SCHOOL, classes=(old, new), students=(student,), enrolments=(enrolment,))
    both = sds(StudentEnrollment="Section SIS ID,SIS ID\nm1,s1\nm0,s1\n")

    planned = admin_plan(here, both)

    after = apply_to(here, planned)
    assert [row.outcome for row in of_kind(planned, Kind.ENROLMENTS)] == [Outcome.CREATED, Outcome.UNCHANGED]
    assert {here.class_id for here in after.enrolments} == {old.id, new.id}
    assert not admin_plan(after, both).changes


def test_a_row_that_is_taken_over_counts_more_than_an_inactive_one(admin_plan: Planned) -> None:
    planned = admin_plan(SCHOOL, sds(Student=FILES["Student"] + "s1,1,Ora,Klein,OKlein,Inactive\n"))

    assert [row.outcome for row in of_kind(planned, Kind.STUDENTS)] == [Outcome.CREATED, Outcome.IGNORED]
    assert of_kind(planned, Kind.ENROLMENTS)[0].outcome is Outcome.CREATED


def test_a_shifted_cell_is_not_shown_as_a_name(admin_plan: Planned) -> None:
    students = "SIS ID,School SIS ID,Password,Username\ns1,1,Klein,never-this,OKlein\n"

    planned = admin_plan(SCHOOL, sds(Student=students))

    assert "More cells than headings" in of_kind(planned, Kind.STUDENTS)[0].what
    assert "never-this" not in repr(planned)


def test_a_row_of_no_known_school_is_counted_once_among_several() -> None:
    roster = sds(
        School=FILES["School"] + "2,Fabrikam\n",
        Section=FILES["Section"] + "m2,7,Art\n",
        StudentEnrollment=FILES["StudentEnrollment"] + "m9,s9\n",
    )

    parts = [part for _, part in each_school(roster)]

    assert [part.schools[0].name for part in parts] == ["Contoso", "Fabrikam"]
    assert sum(part.rows_read for part in parts) == roster.rows_read


def test_a_teacher_may_not_import_a_whole_school() -> None:
    with pytest.raises(NotAllowed, match="Only an admin"):
        plan(SCHOOL, sds(), may=Rights(is_admin=False), today=date(2026, 11, 23))


def test_a_file_without_a_column_it_needs_is_refused_with_its_name() -> None:
    with pytest.raises(UnreadableFile, match=r"Section\.csv has no column “Section Name”"):
        sds(Section="SIS ID,School SIS ID\nm1,1\n")


def test_two_files_of_one_name_are_refused() -> None:
    files = [Upload(f"{folder}/Student.csv", FILES["Student"].encode()) for folder in ("a", "b")]

    with pytest.raises(UnreadableFile, match=r"two files called Student\.csv"):
        read_roster(files)


def test_file_names_may_differ_in_case_and_carry_a_browsers_number(admin_plan: Planned) -> None:
    roster = read_roster([Upload("out/STUDENT (1).CSV", FILES["Student"].encode())])

    assert roster.format == "microsoft-sds-v1"
    assert [row.outcome for row in admin_plan(SCHOOL, roster).rows] == [Outcome.CREATED]


def test_a_school_that_the_school_file_lacks_is_refused(admin_plan: Planned) -> None:
    planned = admin_plan(SCHOOL, sds(Section="SIS ID,School SIS ID,Section Name\nm1,7,Math 1\n"))

    (row,) = of_kind(planned, Kind.CLASSES)

    assert (row.outcome, row.column) == (Outcome.REFUSED, "School SIS ID")
    assert of_kind(planned, Kind.ENROLMENTS)[0].outcome is Outcome.REFUSED


def test_without_a_school_file_the_schools_are_those_the_rows_name() -> None:
    roster = sds(School="", Section=FILES["Section"] + "m2,2,Art\n")

    assert [school.name for school in schools_in(roster)] == ["School 1", "School 2"]
    assert sum(part.rows_read for _, part in each_school(roster)) == roster.rows_read
    assert only_school(roster, "2").rows_read == roster.rows_read


@pytest.mark.parametrize(
    ("cell", "year"), [("4/2/2000", 2000), ("2014-03-01", 2014), ("1/05/2013", 2013), ("3/1/14", 2014), ("soon", None)]
)
def test_of_a_birth_date_the_year_alone_is_kept(cell: str, year: int | None) -> None:
    roster = sds(Student=f"SIS ID,School SIS ID,Username,Birthdate\ns1,1,OKlein,{cell}\n")

    assert roster.students[0].birth_year == year
    assert "/" not in repr(roster.students[0])
