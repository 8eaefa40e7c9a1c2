"""Row-level security, table by table, as named people."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, create_engine, text

from core.accounts.person import Person, Role
from core.db.addresses import sqlalchemy_url
from core.db.engine import Database
from core.errors import NotAllowed
from tests.cast import Cast, School, assign, found_schools, hire
from tests.integration.db.records import KEYS, RULES, Group, everyone, record_everything
from tests.postgres import Server, database_at


@dataclass(frozen=True)
class Recorded:
    """A database with one row of every table; tests roll back what they try."""

    database: Database
    cast: Cast
    lena: Person
    keys: dict[str, object]

    def rows_touched(self, person: Person, statement: str, **values: object) -> int:
        """How many rows the statement reaches as this person; 0 also where it is refused."""
        try:
            with self.database.as_person(person) as session:
                result = session.execute(text(statement), {**self.keys, "me": person.staff_id, **values})
                session.rollback()
                return result.rowcount  # type: ignore[attr-defined, no-any-return]  # a cursor's result always has it
        except NotAllowed:
            return 0

    def who(self, statement: str, table: str) -> Group:
        row = self.keys[table]
        return frozenset(
            name for name, person in everyone(self.cast) if self.rows_touched(person, statement, row=row) == 1
        )


@pytest.fixture(scope="module")
def open_databases() -> Iterator[tuple[ExitStack, dict[Server, Recorded]]]:
    with ExitStack() as stack:
        yield stack, {}


@pytest.fixture
def recorded(server: Server, open_databases: tuple[ExitStack, dict[Server, Recorded]]) -> Recorded:
    stack, known = open_databases
    if server not in known:
        addresses = stack.enter_context(server.migrated_database())
        database = stack.enter_context(database_at(addresses))
        engine = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
        with engine.connect() as owner:
            cast = found_schools(owner)
            lena = _someone_who_left(owner, cast)
            known[server] = Recorded(database, cast, lena, record_everything(owner, cast))
        engine.dispose()
    return known[server]


def _someone_who_left(owner: Connection, cast: Cast) -> Person:
    lena = hire(owner, School(cast.mei.school_id, cast.mei.school_name), "Lena Goh", Role.ADMIN)
    assign(owner, lena, cast.integrity, "form")
    owner.execute(text("update staff set active = false where id = :id"), {"id": lena.staff_id})
    return lena


def _where(table: str) -> str:
    return f"where {KEYS.get(table, 'id')} = :row"


OF_NO_SCHOOL = {"schools", "provider_pauses", "sign_in_attempts"}
CHANGES = [(table, change) for table, rules in RULES.items() for change in rules.change]


def test_every_table_has_its_rules_here(recorded: Recorded) -> None:
    with recorded.database.as_worker() as session:
        tables = session.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()

    assert set(tables) == set(RULES)


@pytest.mark.parametrize("table", RULES)
def test_read(recorded: Recorded, table: str) -> None:
    assert recorded.who(f"select from {table} {_where(table)}", table) == RULES[table].read


@pytest.mark.parametrize("table", RULES)
def test_add(recorded: Recorded, table: str) -> None:
    statement = RULES[table].new or f"insert into {table} default values"

    assert recorded.who(statement, table) == RULES[table].add


@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_change(recorded: Recorded, table: str, change: str) -> None:
    assert recorded.who(f"update {table} set {change} {_where(table)}", table) == RULES[table].change[change]


@pytest.mark.parametrize("table", [table for table in RULES if table not in OF_NO_SCHOOL])
def test_nobody_moves_a_row_to_another_school(recorded: Recorded, table: str) -> None:
    assert recorded.who(f"update {table} set school_id = school_id {_where(table)}", table) == frozenset()


@pytest.mark.parametrize("table", RULES)
def test_remove(recorded: Recorded, table: str) -> None:
    assert recorded.who(f"delete from {table} {_where(table)}", table) == RULES[table].remove


@pytest.mark.parametrize("table", RULES)
def test_someone_who_left_the_staff_reads_nothing(recorded: Recorded, table: str) -> None:
    assert recorded.rows_touched(recorded.lena, f"select from {table} {_where(table)}", row=recorded.keys[table]) == 0


OBSERVE = "insert into observations (school_id, student_id, author_id, happened_at, kind, text) values"
OPEN_CASE = "insert into cases (school_id, student_id, kind, severity, summary, opened_on) values"


@pytest.mark.parametrize(
    "statement",
    [
        "insert into attendance (school_id, student_id, on_date, status) values (:school, :bala, '2026-02-03', 'late')",
        f"{OBSERVE} (:school, :bala, :me, now(), 'note', 'Not my student')",
        f"{OBSERVE} (:school, :ana, :arjun, now(), 'note', 'In his name')",
        "insert into readiness_notes (school_id, student_id, staff_id, text) values (:school, :ana, :arjun, 'His')",
        f"{OPEN_CASE} (:school, :bala, 'sen', 'low', 'Not my student', '2026-02-03')",
    ],
)
def test_a_teacher_writes_only_in_her_own_name_and_of_her_own_students(recorded: Recorded, statement: str) -> None:
    assert recorded.rows_touched(recorded.cast.mei, statement) == 0
