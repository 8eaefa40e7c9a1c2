"""Undoing an import that made a school: never once anything else belongs to that school."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.errors import UndoNotPossible
from core.roster.importing.incoming import incoming_from
from core.roster.importing.operator import OperatorImports
from core.roster.importing.uploads import pasted, uploads_at

FOLDER = Path(__file__).parents[1] / "data" / "microsoft-sds" / "SDS Format" / "25 Users"
SCHOOL = "Contoso High School"
# Each names the school as :school, and one of its imported students, classes and staff.
LATER = {
    "other students": "insert into students (school_id, full_name) values (:school, 'New Student')",
    "other staff": "insert into staff (school_id, full_name) values (:school, 'New Colleague')",
    "other classes": "insert into classes (school_id, name, school_year) values (:school, 'P6 Grit', 2026)",
    "other places in classes": "insert into enrolments (school_id, class_id, student_id, from_date, to_date)"
    " values (:school, :class, :student, '2026-01-01', '2026-01-02')",
    "requests to OpenAI": "insert into openai_usage (school_id, type, model, feature)"
    " values (:school, 'chat', 'gpt-chat', 'assistant')",
    "portraits": "insert into photo_jobs (school_id, student_id) values (:school, :student)",
    "other imports": "insert into imports (school_id, group_id, file_name, sha256, format, counts, changes)"
    " values (:school, :school, 'list.csv', repeat('0', 64), 'plain', '{}', '[]')",
    "an audit log": "insert into audit_log (school_id, action, object) values (:school, 'use photo', 'student')",
    "limits of its own": "insert into limits (school_id, staff_id, type, at_most, per_seconds)"
    " values (:school, :staff, 'image', 1, 60)",
    "records": "insert into guardians (school_id, full_name) values (:school, 'Lim Siew Hoon')",
}


@pytest.fixture
def operator(database: Database) -> OperatorImports:
    return OperatorImports(database=database)


@pytest.fixture
def made(operator: OperatorImports) -> UUID:
    """The import that made the school."""
    return operator.apply(incoming_from(uploads_at(FOLDER)), school=SCHOOL, class_name=None).group_id


def _someone(owner: Connection) -> dict[str, object]:
    keys: dict[str, object] = {"school": owner.scalar(text("select id from schools"))}
    for name, table in (("student", "students"), ("class", "classes"), ("staff", "staff")):
        keys[name] = owner.scalar(text(f"select id from {table} order by id limit 1"))
    return keys


@pytest.mark.parametrize("what", LATER)
def test_a_school_stays_once_anything_else_belongs_to_it(
    operator: OperatorImports, owner: Connection, made: UUID, what: str
) -> None:
    owner.execute(text(LATER[what]), _someone(owner))

    with pytest.raises(UndoNotPossible, match=f"its school has {what} by now"):
        operator.undo(made)

    assert owner.scalar(text("select count(*) from schools")) == 1


def test_the_reason_names_all_that_is_there(operator: OperatorImports, owner: Connection, made: UUID) -> None:
    for statement in LATER.values():
        owner.execute(text(statement), _someone(owner))

    with pytest.raises(UndoNotPossible, match="its school has an audit log, limits of its own, other classes"):
        operator.undo(made)


def test_a_later_import_is_undone_first(operator: OperatorImports, owner: Connection, made: UUID) -> None:
    later = operator.apply(incoming_from([pasted("Name\nEve Tan\n")]), school=SCHOOL, class_name="Math - Algebra 1")

    with pytest.raises(UndoNotPossible, match="other imports"):
        operator.undo(made)
    operator.undo(later.group_id)
    operator.undo(made)

    assert owner.scalar(text("select count(*) from schools")) == 0
