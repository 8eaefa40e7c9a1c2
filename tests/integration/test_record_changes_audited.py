"""What a person changes in a student's records stands in the audit log, once."""

from contextlib import nullcontext
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import NotAllowed
from tests.cast import Cast
from tests.integration.db.records import names_of, record_everything

NOUNS = {
    "attendance": "attendance",
    "results": "result",
    "observations": "observation",
    "cases": "case",
    "readiness_notes": "readiness_note",
}
CHANGES = {
    "attendance": "status = 'late'",
    "results": "score = 12",
    "observations": "text = 'Reads aloud'",
    "cases": "severity = 'high'",
    "readiness_notes": "override = 'discuss'",
}
SAME = {
    "attendance": "status = status",
    "results": "score = score",
    "observations": "text = text",
    "cases": "severity = severity",
    "readiness_notes": "text = text",
}


@pytest.fixture
def keys(owner: Connection, cast: Cast) -> dict[str, object]:
    return record_everything(owner, cast)


def run(database: Database, person: Person, statement: str, **values: object) -> None:
    with database.as_person(person) as session:
        session.execute(text(statement), values)


def audited(owner: Connection, table: str) -> list[Any]:
    rows = owner.execute(text("select * from audit_log where object like :table || '/%'"), {"table": table})
    return list(rows)


@pytest.mark.parametrize("table", NOUNS)
def test_a_correction_is_one_line_with_what_was_there_and_what_is(
    database: Database, owner: Connection, cast: Cast, keys: dict[str, object], table: str
) -> None:
    column = CHANGES[table].split(" ")[0]
    was = owner.scalar(text(f"select {column} from {table} where id = :id"), {"id": keys[table]})

    run(database, cast.mei, f"update {table} set {CHANGES[table]} where id = :id", id=keys[table])

    (line,) = audited(owner, table)
    assert (line.school_id, line.actor_id) == (cast.mei.school_id, cast.mei.staff_id)
    assert (line.action, line.object) == (f"{NOUNS[table]}.corrected", f"{table}/{keys[table]}")
    assert line.before[column] == (float(was) if table == "results" else was)
    assert line.after[column] != line.before[column]
    assert {name for name in line.after if line.after[name] != line.before[name]} == {column}


@pytest.mark.parametrize("table", NOUNS)
def test_an_update_that_changes_nothing_is_no_line(
    database: Database, owner: Connection, cast: Cast, keys: dict[str, object], table: str
) -> None:
    run(database, cast.mei, f"update {table} set {SAME[table]} where id = :id", id=keys[table])

    assert audited(owner, table) == []


@pytest.mark.parametrize("table", [table for table in NOUNS if table != "cases"])
def test_a_removal_keeps_what_was_there(
    database: Database, owner: Connection, cast: Cast, keys: dict[str, object], table: str
) -> None:
    run(database, cast.mei, f"delete from {table} where id = :id", id=keys[table])

    (line,) = audited(owner, table)
    assert (line.action, line.before["id"], line.after) == (f"{NOUNS[table]}.removed", str(keys[table]), None)


def test_an_addition_keeps_what_came(database: Database, owner: Connection, cast: Cast) -> None:
    run(
        database,
        cast.devi,
        "insert into attendance (school_id, student_id, on_date, status) values (:school, :ana, '2026-02-03', 'late')",
        **names_of(cast),
    )

    (line,) = audited(owner, "attendance")
    assert (line.actor_id, line.action, line.before) == (cast.devi.staff_id, "attendance.added", None)
    assert (line.after["status"], line.after["on_date"]) == ("late", "2026-02-03")


@pytest.mark.parametrize("table", NOUNS)
def test_what_no_person_did_is_no_line(
    database: Database, owner: Connection, keys: dict[str, object], table: str
) -> None:
    with database.as_worker() as session:
        session.execute(text(f"update {table} set {CHANGES[table]} where id = :id"), {"id": keys[table]})
    owner.execute(text(f"delete from {table} where id = :id"), {"id": keys[table]})

    assert audited(owner, table) == []


@pytest.mark.parametrize("name", ["arjun", "ben"])
@pytest.mark.parametrize("table", NOUNS)
def test_strangers_change_nothing_and_leave_no_line(
    database: Database, owner: Connection, cast: Cast, keys: dict[str, object], table: str, name: str
) -> None:
    stranger = getattr(cast, name)

    run(database, stranger, f"update {table} set {CHANGES[table]} where id = :id", id=keys[table])
    if table != "cases":
        run(database, stranger, f"delete from {table} where id = :id", id=keys[table])

    assert audited(owner, table) == []


def test_nobody_calls_for_a_line_by_themselves(database: Database, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        run(database, cast.siti, "select private.write_audit(:school, :mei, 'x', 'x', null, null)", **names_of(cast))


def test_only_admins_of_the_school_read_the_lines(
    database: Database, owner: Connection, cast: Cast, keys: dict[str, object]
) -> None:
    run(database, cast.mei, "update cases set severity = 'high' where id = :id", id=keys["cases"])
    (line,) = audited(owner, "cases")

    def reads(person: Person) -> bool:
        with database.as_person(person) as session:
            found = session.execute(text("select from audit_log where id = :id"), {"id": line.id})
            return found.one_or_none() is not None

    who = [name for name in ("mei", "devi", "arjun", "siti", "ben") if reads(getattr(cast, name))]
    assert who == ["siti"]


@pytest.mark.parametrize(("word", "is_known"), [("discuss", True), ("nothing", True), (None, True), ("maybe", False)])
def test_a_note_says_discuss_or_nothing_or_neither(
    owner: Connection, keys: dict[str, object], word: str | None, is_known: bool
) -> None:
    with nullcontext() if is_known else pytest.raises(IntegrityError, match="override_check"):
        owner.execute(
            text("update readiness_notes set override = :word where id = :id"),
            {"word": word, "id": keys["readiness_notes"]},
        )
