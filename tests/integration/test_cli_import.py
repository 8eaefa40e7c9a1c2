"""`staffroom import`, as a script would call it."""

import csv
import json
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from core.cli import main
from tests.cast import Cast, open_class
from tests.postgres import Addresses

SAMPLES = Path(__file__).parents[1] / "data" / "microsoft-sds" / "SDS Format"
FILES = {
    "schools": "School.csv",
    "students": "Student.csv",
    "classes": "Section.csv",
    "staff": "Teacher.csv",
    "enrolments": "StudentEnrollment.csv",
    "class_staff": "TeacherRoster.csv",
}
MEI, SITI = "mei.tan@north.school", "siti.rahim@north.school"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        report: dict[str, Any] = json.loads(self.out)
        return report


Command = Callable[..., Outcome]


@pytest.fixture
def command(
    addresses: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """`staffroom import …` over the test's own database."""
    for name, value in {
        "STAFFROOM_MODE": "production",
        "STAFFROOM_DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": addresses.app,
        "WORKER_DATABASE_URL": addresses.worker,
    }.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str | Path) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["staffroom", "import", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return Outcome(int(left.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[str], Path]:
    """A file with this text."""

    def write(content: str) -> Path:
        path = tmp_path / "5 Integrity.csv"
        path.write_text(content)
        return path

    return write


def everything(owner: Connection) -> dict[str, list[str]]:
    return {
        table: sorted(owner.scalars(text(f"select (to_jsonb(t) - 'created_at')::text from {table} as t")))
        for table in FILES
    }


def by_hand(folder: Path) -> dict[str, int]:
    def rows(name: str) -> int:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            return sum(1 for _ in csv.DictReader(file))

    return {kind: rows(name) for kind, name in FILES.items()} | {"guardians": 0}


def class_of(owner: Connection, name: str) -> list[UUID]:
    query = "select e.class_id from enrolments as e join students as s on s.id = e.student_id where full_name = :name"
    return list(owner.scalars(text(query), {"name": name}))


@pytest.mark.parametrize("folder", ["Min Required Attributes", "25 Users", "100 Users"])
def test_a_sample_folder_goes_in_once_and_is_undone(command: Command, owner: Connection, folder: str) -> None:
    before, counted = everything(owner), by_hand(SAMPLES / folder)

    first = command(SAMPLES / folder, "--json")
    after = everything(owner)
    second = command(SAMPLES / folder, "--json")

    assert (first.code, second.code) == (0, 0)
    assert first.report["created"] == counted
    assert len(after["students"]) == counted["students"]
    assert second.report["unchanged"] == counted
    assert everything(owner) == after
    undone = command("undo", first.report["import_id"])
    assert (undone.code, undone.out) == (0, "The import is undone in 2 schools.\n")
    assert everything(owner) == before


def test_several_schools_go_into_schools_of_their_own(command: Command, owner: Connection) -> None:
    command(SAMPLES / "25 Users")

    assert set(owner.scalars(text("select name from schools"))) == {"Contoso High School", "Fabrikam High School"}


def test_one_school_is_taken_by_its_name(command: Command, owner: Connection) -> None:
    outcome = command(SAMPLES / "25 Users", "--school", "fabrikam high school", "--json")

    assert outcome.report["created"]["schools"] == 1
    assert outcome.report["ignored"]["schools"] == 1
    assert list(owner.scalars(text("select name from schools"))) == ["Fabrikam High School"]


def test_a_zip_is_as_good_as_the_folder(command: Command, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for name in FILES.values():
            archive.write(SAMPLES / "25 Users" / name, f"25 Users/{name}")

    outcome = command(tmp_path / "export.zip", "--json")

    assert outcome.report["created"] == by_hand(SAMPLES / "25 Users")


def test_a_dry_run_says_what_would_happen_and_saves_nothing(command: Command, owner: Connection) -> None:
    before = everything(owner)

    outcome = command(SAMPLES / "25 Users", "--dry-run", "--json")

    assert outcome.report["created"] == by_hand(SAMPLES / "25 Users")
    assert outcome.report["import_id"] is None
    assert "nothing is saved" in outcome.err
    assert everything(owner) == before


@pytest.mark.usefixtures("cast")
def test_the_report_has_the_agreed_shape(command: Command, listed: Callable[[str], Path]) -> None:
    path = listed("Name,Class\nEve Tan,P5 Integrity\nFay Ho,P9 Nowhere\n")

    outcome = command(path, "--school", "North Primary", "--json")

    report = outcome.report
    words = ["created", "changed", "moved", "unchanged", "ignored"]
    assert list(report) == ["import_id", "format", *words, "refused"]
    assert all(list(report[word]) == [*FILES, "guardians"] for word in words)
    assert sum(sum(report[word].values()) for word in words) + len(report["refused"]) == 2
    assert report["refused"] == [
        {
            "file": "5 Integrity.csv",
            "row": 3,
            "column": "Class",
            "problem": "“P9 Nowhere” is not a class here. Correct it, or let this import create it.",
        }
    ]
    assert str(UUID(report["import_id"])) == report["import_id"]


@pytest.mark.usefixtures("cast")
def test_a_person_reads_one_sentence_and_the_refused_rows(command: Command, listed: Callable[[str], Path]) -> None:
    path = listed("Name,Gender\nAna Lim,F\nEve Tan,\n,F\n")

    outcome = command(path, "--as", MEI, "--class", "p5 integrity")

    assert outcome.code == 0
    assert outcome.out.startswith("1 student created, 1 changed.\nUndo it with: staffroom import undo ")
    assert outcome.err == (
        "Refused: 5 Integrity.csv, row 4, column Name: No name. Fill in the name, or delete the row.\n"
    )


def test_a_member_takes_their_own_import_back(
    command: Command, listed: Callable[[str], Path], owner: Connection, cast: Cast
) -> None:
    before = everything(owner)
    made = command(listed("Name\nEve Tan\n"), "--as", MEI, "--class", "P5 Integrity", "--json")
    assert class_of(owner, "Eve Tan") == [cast.integrity]

    stranger = command("undo", made.report["import_id"], "--as", "arjun.nair@north.school")
    outcome = command("undo", made.report["import_id"], "--as", MEI, "--json")

    assert stranger.code == 1
    assert outcome.report == {"import_id": made.report["import_id"], "schools": 1}
    assert everything(owner) == before


@pytest.mark.usefixtures("cast")
def test_an_import_without_news_keeps_nothing_to_undo(
    command: Command, listed: Callable[[str], Path], owner: Connection
) -> None:
    outcome = command(listed("Name\nAna Lim\n"), "--as", MEI, "--class", "P5 Integrity")

    assert (outcome.code, outcome.out) == (0, "Everything in this file is already here.\n")
    assert owner.scalar(text("select count(*) from imports")) == 0


@pytest.mark.usefixtures("cast")
def test_where_every_row_is_refused_the_command_fails(command: Command, listed: Callable[[str], Path]) -> None:
    outcome = command(listed("Name,Class\nEve Tan,P4 Courage\n"), "--as", MEI)

    assert outcome.code == 1
    assert "“P4 Courage” is not a class you teach. Correct it, or ask an admin." in outcome.err


def test_classes_that_are_not_here_are_made_when_the_command_says_so(
    command: Command, listed: Callable[[str], Path], owner: Connection, cast: Cast
) -> None:
    path, before = listed("Name,Level,Class\nEve Tan,P1,1A\nFay Ho,P1,1A\nGil Lee,,1B\n"), everything(owner)

    refused = command(path, "--school", "North Primary")
    made = command(path, "--school", "North Primary", "--create-classes", "--json")

    assert refused.code == 1
    assert "2 classes are not here yet: 1A, 1B. Create them with --create-classes.\n" in refused.err
    assert (made.report["created"]["students"], made.report["created"]["classes"], made.err) == (3, 0, "")
    query = "select name, level, kind, school_year from classes where school_id = :id and name like '1_' order by name"
    rows = owner.execute(text(query), {"id": cast.siti.school_id}).all()
    year = datetime.now(ZoneInfo("Asia/Singapore")).year
    assert [tuple(row) for row in rows] == [("1A", "P1", "form", year), ("1B", None, "form", year)]
    command("undo", made.report["import_id"])
    assert everything(owner) == before


@pytest.mark.usefixtures("cast")
def test_a_teachers_command_makes_no_class(command: Command, listed: Callable[[str], Path], owner: Connection) -> None:
    outcome = command(listed("Name,Class\nEve Tan,1A\n"), "--as", MEI, "--create-classes")

    assert outcome.code == 1
    assert owner.scalar(text("select count(*) from classes where name = '1A'")) == 0


@pytest.mark.usefixtures("cast")
def test_columns_that_are_not_read_are_named(command: Command, listed: Callable[[str], Path]) -> None:
    outcome = command(listed("Name,NRIC,Race\nEve Tan,S1234567D,x\n"), "--as", MEI, "--class", "P5 Integrity")

    assert outcome.err == "Not read: NRIC, Race.\n"


@pytest.mark.usefixtures("cast")
def test_rows_without_a_class_ask_for_the_option(command: Command, listed: Callable[[str], Path]) -> None:
    outcome = command(listed("Name\nEve Tan\n"), "--as", MEI)

    assert outcome.code == 1
    assert "Say with --class which one they are for." in outcome.err


@pytest.mark.usefixtures("cast")
def test_a_teacher_may_not_import_a_school(command: Command) -> None:
    outcome = command(SAMPLES / "25 Users", "--school", "Contoso High School", "--as", MEI)

    assert (outcome.code, outcome.out) == (1, "")
    assert "Only an admin may import this file" in outcome.err


def test_an_admin_takes_the_chosen_school_into_their_own(command: Command, owner: Connection, cast: Cast) -> None:
    unclear = command(SAMPLES / "25 Users", "--as", SITI)
    outcome = command(SAMPLES / "25 Users", "--as", SITI, "--school", "Contoso High School", "--json")

    assert unclear.code == 1
    assert "Contoso High School, Fabrikam High School" in unclear.err
    count = text("select count(*) from students where school_id = :id")
    assert outcome.report["created"]["students"] == 22
    assert owner.scalar(count, {"id": cast.siti.school_id}) == 2 + 22


@pytest.mark.parametrize("acting_as", [["--as", SITI], ["--school", "North Primary"]])
def test_a_class_name_that_two_classes_have_is_ambiguous(
    command: Command, listed: Callable[[str], Path], owner: Connection, cast: Cast, acting_as: list[str]
) -> None:
    twin = open_class(owner, cast.arjun, "Art club")
    other = open_class(owner, cast.mei, "Art club B")
    owner.execute(
        text("update classes set kind = 'cca', name = 'Art club' where id in (:a, :b)"), {"a": twin, "b": other}
    )

    outcome = command(listed("Name\nEve Tan\n"), *acting_as, "--class", "Art club")

    assert (outcome.code, outcome.out) == (1, "")
    assert "Art club, Art club" in outcome.err


@pytest.mark.usefixtures("cast")
def test_a_list_for_an_unknown_school_names_those_that_are_here(
    command: Command, listed: Callable[[str], Path]
) -> None:
    outcome = command(listed("Name\nEve Tan\n"), "--school", "West")

    assert outcome.code == 1
    assert "North Primary, South Primary" in outcome.err


def test_a_path_that_leads_nowhere_is_said(command: Command, tmp_path: Path) -> None:
    outcome = command(tmp_path / "gone.csv", "--json")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == f"There is no file at {tmp_path / 'gone.csv'}. Check the path and retry.\n"


def test_an_unknown_import_is_not_undone(command: Command) -> None:
    outcome = command("undo", str(uuid4()))

    assert outcome.code == 1
    assert "There is no import with this id" in outcome.err


@pytest.mark.parametrize("arguments", [["undo"], ["undo", "not-an-id"], ["a.csv", str(UUID(int=1))], []])
def test_a_wrong_use_is_told_from_a_refusal(command: Command, arguments: list[str]) -> None:
    assert command(*arguments).code == 2


@pytest.mark.usefixtures("cast")
def test_a_folder_called_undo_is_named_by_its_path(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "undo").write_text("Name\nEve Tan\n")

    outcome = command("./undo", "--as", MEI, "--class", "P5 Integrity")

    assert outcome.out.startswith("1 student created.")
