"""Imports from file to database and back."""

import csv
from datetime import date
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.errors import ImportOutOfDate, ImportTargetUnclear, NotAllowed, StudentElsewhere, UndoNotPossible
from core.roster.importing.incoming import Incoming, incoming_from
from core.roster.importing.neutral import Kind
from core.roster.importing.operator import OperatorImports
from core.roster.importing.plan import Outcome
from core.roster.importing.report import report
from core.roster.importing.service import Choice, Imports
from core.roster.importing.uploads import pasted, uploads_at
from tests.cast import Cast

SAMPLES = Path(__file__).parents[1] / "data" / "microsoft-sds" / "SDS Format"
FILES = {
    "schools": "School.csv",
    "students": "Student.csv",
    "classes": "Section.csv",
    "staff": "Teacher.csv",
    "enrolments": "StudentEnrollment.csv",
    "class_staff": "TeacherRoster.csv",
}
TABLES = ("schools", "classes", "staff", "students", "enrolments", "class_staff")


def on_monday(_zone: ZoneInfo) -> date:
    return date(2026, 11, 23)


@pytest.fixture
def imports(database: Database) -> Imports:
    return Imports(database=database, today=on_monday)


@pytest.fixture
def operator(database: Database) -> OperatorImports:
    return OperatorImports(database=database, today=on_monday)


def class_list(text: str) -> Incoming:
    return incoming_from([pasted(text)])


def everything(owner: Connection) -> dict[str, list[str]]:
    return {
        table: sorted(owner.scalars(text(f"select (to_jsonb(t) - 'created_at')::text from {table} as t")))
        for table in TABLES
    }


def rows_in(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


@pytest.mark.parametrize("folder", ["Min Required Attributes", "25 Users", "100 Users"])
def test_a_sample_folder_goes_in_once_and_comes_out_again(
    operator: OperatorImports, owner: Connection, folder: str
) -> None:
    before = everything(owner)
    incoming = incoming_from(uploads_at(SAMPLES / folder))
    by_hand = {kind: rows_in(SAMPLES / folder / name) for kind, name in FILES.items()} | {"guardians": 0}

    first = operator.apply(incoming, school=None, class_name=None)
    after = everything(owner)
    second = operator.apply(incoming, school=None, class_name=None)

    assert report([part.plan for part in first.plans], import_id=None)["created"] == by_hand
    assert report([part.plan for part in second.plans], import_id=None)["unchanged"] == by_hand
    assert everything(owner) == after
    operator.undo(second.group_id)
    assert operator.undo(first.group_id) == 2
    assert everything(owner) == before


def test_an_admin_imports_the_chosen_school_into_their_own(imports: Imports, owner: Connection, cast: Cast) -> None:
    incoming, choice = incoming_from(uploads_at(SAMPLES / "25 Users")), Choice(school="10001")
    before = everything(owner)

    seen = imports.preview(cast.siti, incoming, choice)
    assert everything(owner) == before
    applied = imports.apply(cast.siti, incoming, choice, seen=seen.digest)

    students = owner.scalar(text("select count(*) from students where school_id = :id"), {"id": cast.siti.school_id})
    assert students == 2 + 22
    assert not imports.preview(cast.siti, incoming, choice).changes
    imports.undo(cast.siti, applied.import_id)
    assert everything(owner) == before


def test_a_file_with_several_schools_is_not_imported_before_one_is_chosen(imports: Imports, cast: Cast) -> None:
    with pytest.raises(ImportTargetUnclear, match="Contoso High School, Fabrikam High School"):
        imports.preview(cast.siti, incoming_from(uploads_at(SAMPLES / "25 Users")), Choice())


def test_a_teachers_list_changes_creates_and_is_undone(imports: Imports, owner: Connection, cast: Cast) -> None:
    incoming = class_list("Name,Gender,Index No\nAna Lim,F,1\nEve s/o Rajan,,2\n")
    choice, before = Choice(into_class=cast.integrity), everything(owner)

    seen = imports.preview(cast.mei, incoming, choice)
    applied = imports.apply(cast.mei, incoming, choice, seen=seen.digest)

    assert [row.outcome for row in applied.plan.rows] == [Outcome.CHANGED, Outcome.CREATED]
    assert owner.scalar(text("select gender from students where id = :ana"), {"ana": cast.ana}) == "female"
    assert imports.preview(cast.mei, incoming, choice).of(Outcome.UNCHANGED) != ()
    last = imports.last(cast.mei)
    assert last is not None
    assert (last.import_id, last.file_name) == (applied.import_id, "Pasted list")
    assert last.made == {Kind.STUDENTS: 1, Kind.ENROLMENTS: 1}
    imports.undo(cast.mei, applied.import_id)
    assert everything(owner) == before
    assert imports.last(cast.mei) is None


def test_a_teachers_list_for_another_class_saves_nothing(imports: Imports, owner: Connection, cast: Cast) -> None:
    incoming, before = class_list("Name,Class\nEve Tan,P4 Courage\n"), everything(owner)

    seen = imports.preview(cast.mei, incoming, Choice())
    imports.apply(cast.mei, incoming, Choice(), seen=seen.digest)

    assert [row.outcome for row in seen.rows] == [Outcome.REFUSED]
    assert everything(owner) == before


def test_a_teacher_may_not_import_a_whole_school(imports: Imports, cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Only an admin"):
        imports.preview(cast.mei, incoming_from(uploads_at(SAMPLES / "25 Users")), Choice(school="10001"))


def test_a_student_whom_the_teacher_can_not_see_is_not_taken(imports: Imports, owner: Connection, cast: Cast) -> None:
    owner.execute(text("update students set sourced_id = 'S-9' where id = :id"), {"id": cast.bala})
    incoming, choice = class_list("Name,Student ID\nBala s/o Kumar,S-9\n"), Choice(into_class=cast.integrity)
    seen = imports.preview(cast.mei, incoming, choice)

    with pytest.raises(StudentElsewhere):
        imports.apply(cast.mei, incoming, choice, seen=seen.digest)


def test_an_admin_moves_a_student_between_classes_and_back(imports: Imports, owner: Connection, cast: Cast) -> None:
    owner.execute(text("update students set sourced_id = 'S-9' where id = :id"), {"id": cast.bala})
    incoming, before = class_list("Name,Class,Student ID\nBala s/o Kumar,P5 Integrity,S-9\n"), everything(owner)

    seen = imports.preview(cast.siti, incoming, Choice())
    applied = imports.apply(cast.siti, incoming, Choice(), seen=seen.digest)

    classes = text("select class_id from enrolments where student_id = :id and to_date is null")
    assert [row.outcome for row in applied.plan.rows] == [Outcome.MOVED]
    assert list(owner.scalars(classes, {"id": cast.bala})) == [cast.integrity]
    imports.undo(cast.siti, applied.import_id)
    assert everything(owner) == before


def test_a_preview_that_is_out_of_date_is_not_applied(imports: Imports, owner: Connection, cast: Cast) -> None:
    incoming, choice = class_list("Name\nEve Tan\n"), Choice(into_class=cast.integrity)
    seen = imports.preview(cast.mei, incoming, choice)
    imports.apply(cast.mei, incoming, choice, seen=seen.digest)

    with pytest.raises(ImportOutOfDate):
        imports.apply(cast.mei, incoming, choice, seen=seen.digest)

    assert owner.scalar(text("select count(*) from students where full_name = 'Eve Tan'")) == 1


def test_undo_is_refused_once_something_was_built_on_it(imports: Imports, owner: Connection, cast: Cast) -> None:
    incoming, choice = class_list("Name\nEve Tan\n"), Choice(into_class=cast.integrity)
    seen = imports.preview(cast.mei, incoming, choice)
    applied = imports.apply(cast.mei, incoming, choice, seen=seen.digest)
    owner.execute(
        text(
            "insert into attendance (school_id, student_id, on_date, session, status)"
            " select school_id, id, '2026-11-23', 'am', 'present' from students where full_name = 'Eve Tan'"
        )
    )

    with pytest.raises(UndoNotPossible):
        imports.undo(cast.mei, applied.import_id)


def test_nobody_undoes_the_import_of_another_school(imports: Imports, cast: Cast) -> None:
    incoming, choice = class_list("Name\nEve Tan\n"), Choice(into_class=cast.integrity)
    applied = imports.apply(cast.mei, incoming, choice, seen=imports.preview(cast.mei, incoming, choice).digest)

    for someone in (cast.ben, cast.arjun):
        with pytest.raises(NotAllowed):
            imports.undo(someone, applied.import_id)


def test_whoever_may_not_make_an_import_any_more_does_not_undo_it(
    imports: Imports, owner: Connection, cast: Cast
) -> None:
    folder, chosen = incoming_from(uploads_at(SAMPLES / "25 Users")), Choice(school="10001")
    seen = imports.preview(cast.siti, folder, chosen)
    by_admin = imports.apply(cast.siti, folder, chosen, seen=seen.digest)
    eve, into = class_list("Name\nEve Tan\n"), Choice(into_class=cast.integrity)
    by_teacher = imports.apply(cast.mei, eve, into, seen=imports.preview(cast.mei, eve, into).digest)

    owner.execute(text("update staff set role = 'teacher' where id = :id"), {"id": cast.siti.staff_id})
    owner.execute(text("delete from class_staff where staff_id = :id"), {"id": cast.mei.staff_id})

    for someone, applied in ((cast.siti, by_admin), (cast.mei, by_teacher)):
        with pytest.raises(NotAllowed):
            imports.undo(someone, applied.import_id)


def test_undo_takes_nobody_away_who_was_made_an_admin_since(imports: Imports, owner: Connection, cast: Cast) -> None:
    folder, chosen = incoming_from(uploads_at(SAMPLES / "25 Users")), Choice(school="10001")
    seen = imports.preview(cast.siti, folder, chosen)
    applied = imports.apply(cast.siti, folder, chosen, seen=seen.digest)
    imported = owner.scalar(text("select id from staff where sourced_id is not null limit 1"))
    owner.execute(text("update staff set role = 'admin' where id = :id"), {"id": imported})

    with pytest.raises(UndoNotPossible):
        imports.undo(cast.siti, applied.import_id)


def test_the_operator_names_the_school_and_class_of_a_list(
    operator: OperatorImports, owner: Connection, cast: Cast
) -> None:
    incoming = class_list("Name\nEve Tan\n")

    with pytest.raises(ImportTargetUnclear, match="North Primary, South Primary"):
        operator.preview(incoming, school=None, class_name=None)
    with pytest.raises(ImportTargetUnclear, match="There is no school “West”"):
        operator.preview(incoming, school="West", class_name=None)
    with pytest.raises(ImportTargetUnclear, match="P4 Courage, P5 Integrity"):
        operator.preview(incoming, school="North Primary", class_name="P9")
    operator.apply(incoming, school="north primary", class_name="P5 Integrity")

    query = text(
        "select e.class_id from enrolments as e join students as s on s.id = e.student_id where full_name = 'Eve Tan'"
    )
    assert list(owner.scalars(query)) == [cast.integrity]


def test_the_operator_takes_one_school_of_several(operator: OperatorImports, owner: Connection) -> None:
    incoming = incoming_from(uploads_at(SAMPLES / "100 Users"))

    (part,) = operator.apply(incoming, school="Fabrikam High School", class_name=None).plans

    assert list(owner.scalars(text("select name from schools"))) == ["Fabrikam High School"]
    assert part.plan.of(Outcome.IGNORED) != ()


def test_an_unknown_import_undoes_nothing(operator: OperatorImports) -> None:
    assert operator.undo(uuid4()) == 0
