import csv
import io
from collections.abc import Callable
from uuid import uuid4

from core.roster.importing.current import CurrentClass, CurrentRoster
from core.roster.importing.neutral import NeutralRoster
from core.roster.importing.plan import ImportPlan
from core.roster.importing.report import refused_csv, report

Read = Callable[..., NeutralRoster]
Planned = Callable[..., ImportPlan]

SCHOOL = CurrentRoster(None, classes=(CurrentClass(uuid4(), "5 Integrity"),))


def test_the_report_counts_by_kind_and_lists_what_is_refused(read: Read, admin_plan: Planned) -> None:
    planned = admin_plan(SCHOOL, read("Name,Class\nAisha,5 Integrity\nBen,5 Courage\n"))

    found = report([planned], import_id="an-id")

    assert list(found) == ["import_id", "format", "created", "changed", "moved", "unchanged", "ignored", "refused"]
    assert (found["import_id"], found["format"]) == ("an-id", "plain")
    assert found["created"] == {
        "schools": 0,
        "students": 1,
        "classes": 0,
        "staff": 0,
        "enrolments": 0,
        "class_staff": 0,
        "guardians": 0,
    }
    assert found["refused"] == [
        {
            "file": "list.csv",
            "row": 3,
            "column": "Class",
            "problem": "“5 Courage” is not a class here. Correct it, or let this import create it.",
        }
    ]


def test_no_cell_of_the_refused_rows_is_a_formula(read: Read, admin_plan: Planned) -> None:
    names = ["=1+1", "+1", "-1", "@SUM(A1)"]
    planned = admin_plan(SCHOOL, read("Name,Class\n" + "".join(f"{name},None\n" for name in names)))

    rows = list(csv.DictReader(io.StringIO(refused_csv([planned]), newline="")))

    assert [row["Name"] for row in rows] == [f"'{name}" for name in names]
    assert [row["Row"] for row in rows] == ["2", "3", "4", "5"]
