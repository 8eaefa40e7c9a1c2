"""Microsoft's own sample files, counted by hand with csv."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from core.roster.importing.current import CurrentRoster
from core.roster.importing.neutral import Kind, NeutralRoster
from core.roster.importing.plan import ImportPlan, Outcome
from core.roster.importing.recognition import read_roster
from core.roster.importing.report import report
from core.roster.importing.schools import each_school, only_school, schools_in
from core.roster.importing.uploads import uploads_at

FOLDERS = ["Min Required Attributes", "25 Users", "100 Users"]
FILES = {
    "schools": "School.csv",
    "students": "Student.csv",
    "classes": "Section.csv",
    "staff": "Teacher.csv",
    "enrolments": "StudentEnrollment.csv",
    "class_staff": "TeacherRoster.csv",
}
EMPTY = CurrentRoster(school=None)
Planned = Callable[..., ImportPlan]
Apply = Callable[[CurrentRoster, ImportPlan], CurrentRoster]


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def by_hand(folder: Path) -> dict[str, int]:
    return {kind: len(rows_of(folder, name)) for kind, name in FILES.items()} | {"guardians": 0}


def nothing() -> dict[str, int]:
    return dict.fromkeys([*FILES, "guardians"], 0)


@pytest.mark.parametrize("name", FOLDERS)
def test_every_row_of_a_sample_folder_becomes_something(sds_samples: Path, admin_plan: Planned, name: str) -> None:
    folder = sds_samples / name
    roster = read_roster(uploads_at(folder))

    plans = [admin_plan(EMPTY, part) for _, part in each_school(roster)]
    found = report(plans, import_id=None)

    assert found["format"] == "microsoft-sds-v1"
    assert found["created"] == by_hand(folder)
    assert found["refused"] == []
    assert found["changed"] == found["moved"] == found["unchanged"] == found["ignored"] == nothing()


@pytest.mark.parametrize("name", FOLDERS)
def test_the_second_import_of_a_sample_folder_changes_nothing(
    sds_samples: Path, admin_plan: Planned, apply_to: Apply, name: str
) -> None:
    folder = sds_samples / name
    parts = [part for _, part in each_school(read_roster(uploads_at(folder)))]
    rosters = [apply_to(EMPTY, admin_plan(EMPTY, part)) for part in parts]

    again = [admin_plan(current, part) for current, part in zip(rosters, parts, strict=True)]

    assert report(again, import_id=None)["unchanged"] == by_hand(folder)
    assert not any(planned.changes for planned in again)


def test_the_school_that_was_not_chosen_is_ignored(sds_samples: Path, admin_plan: Planned) -> None:
    folder = sds_samples / "100 Users"
    of_school = Counter(row["School SIS ID"] for row in rows_of(folder, "Student.csv"))
    classes = {row["SIS ID"]: row["School SIS ID"] for row in rows_of(folder, "Section.csv")}
    links = Counter(classes[row["Section SIS ID"]] for row in rows_of(folder, "StudentEnrollment.csv"))

    roster = only_school(read_roster(uploads_at(folder)), "10002")
    planned = admin_plan(EMPTY, roster)

    assert planned.counts(Outcome.CREATED)[Kind.STUDENTS] == of_school["10002"]
    assert planned.counts(Outcome.IGNORED)[Kind.STUDENTS] == of_school["10001"]
    assert planned.counts(Outcome.CREATED)[Kind.ENROLMENTS] == links["10002"]
    assert planned.counts(Outcome.IGNORED)[Kind.ENROLMENTS] == links["10001"]
    assert len(planned.rows) == sum(by_hand(folder).values())


def test_the_schools_to_choose_from_are_those_of_the_file(sds_samples: Path) -> None:
    roster = read_roster(uploads_at(sds_samples / "25 Users"))

    assert [(school.sourced_id, school.name) for school in schools_in(roster)] == [
        ("10001", "Contoso High School"),
        ("10002", "Fabrikam High School"),
    ]


def test_names_levels_and_birth_years_are_those_of_the_file(sds_samples: Path) -> None:
    roster = read_roster(uploads_at(sds_samples / "100 Users"))

    first = roster.students[0]

    assert (first.full_name, first.level, first.birth_year) == ("Ora Christopher Klein", "Grade 9", 2000)
    assert not first.name_to_check
    assert (roster.classes[0].name, roster.classes[0].subject) == ("Math - Algebra 1", "Math")


def test_a_student_without_a_name_gets_the_user_name_flagged(sds_samples: Path) -> None:
    roster = read_roster(uploads_at(sds_samples / "Min Required Attributes"))

    assert {student.full_name for student in roster.students} >= {"OKlein", "BMcMillan"}
    assert all(student.name_to_check for student in roster.students)


@pytest.mark.parametrize("name", ["25 Users", "100 Users"])
def test_a_password_is_nowhere_after_reading(sds_samples: Path, admin_plan: Planned, name: str) -> None:
    folder = sds_samples / name
    passwords = {row["Password"] for file in ("Student.csv", "Teacher.csv") for row in rows_of(folder, file)}
    roster: NeutralRoster = read_roster(uploads_at(folder))

    planned = admin_plan(EMPTY, roster)

    assert passwords
    assert "Password" in planned.unread_columns
    assert not any(secret in repr((roster, planned, planned.changes)) for secret in passwords)
