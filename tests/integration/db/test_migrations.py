"""Migrations apply once, whole or not at all, and never by themselves."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from core.db.migrations import migrate, migrations, require_migrated
from core.errors import DatabaseNotMigrated, MigrationFailed
from tests.postgres import Addresses, Server, only_one

pytestmark = pytest.mark.every_version


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """The owner's address of a database without any migration."""
    with server.empty_database() as addresses:
        yield addresses.owner


def _rows(address: str, query: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _write(folder: Path, **files: str) -> Path:
    for name, sql in files.items():
        (folder / f"{name.removeprefix('m')}.sql").write_text(sql)
    return folder


def test_a_fresh_database_gets_every_migration_in_order(empty: str) -> None:
    with only_one("roles"):
        applied = migrate(empty)

    assert applied == [migration.title for migration in migrations()]
    assert applied == sorted(applied)


def test_the_second_time_does_nothing(addresses: Addresses) -> None:
    assert migrate(addresses.owner) == []


def test_the_history_is_the_supabase_command_s_own(addresses: Addresses) -> None:
    columns = _rows(
        addresses.owner,
        "select column_name, data_type, is_nullable from information_schema.columns"
        " where table_schema = 'supabase_migrations' and table_name = 'schema_migrations' order by ordinal_position",
    )
    rows = _rows(addresses.owner, "select version, name, statements from supabase_migrations.schema_migrations")

    assert columns == [("version", "text", "NO"), ("statements", "ARRAY", "YES"), ("name", "text", "YES")]
    assert sorted(rows) == [(each.version, each.name, [each.sql]) for each in migrations()]


def test_what_the_supabase_command_applied_is_not_applied_again(empty: str, tmp_path: Path) -> None:
    folder = _write(tmp_path, m0001_first="create table first ()", m0002_second="create table second ()")
    with closing(psycopg2.connect(empty)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("create schema supabase_migrations")
        cursor.execute("create table supabase_migrations.schema_migrations (version text not null primary key)")
        cursor.execute("insert into supabase_migrations.schema_migrations values ('0001')")

    assert migrate(empty, folder=folder) == ["0002_second"]


def test_a_file_that_fails_half_way_leaves_nothing_and_can_be_mended(empty: str, tmp_path: Path) -> None:
    folder = _write(
        tmp_path,
        m0001_good="create table good ()",
        m0002_bad="set search_path = pg_catalog; create table public.half (); select 1 / 0;",
        m0003_later="create table later ()",
    )

    with pytest.raises(MigrationFailed, match="Migration 0002_bad failed and nothing of it was kept: division by zero"):
        migrate(empty, folder=folder)
    assert _rows(empty, "select tablename from pg_tables where schemaname = 'public'") == [("good",)]

    _write(folder, m0002_bad="create table whole ()")
    assert migrate(empty, folder=folder) == ["0002_bad", "0003_later"]


def test_two_runners_at_once_apply_each_file_once(empty: str, tmp_path: Path) -> None:
    folder = _write(
        tmp_path, m0001_slow="select pg_sleep(0.3); create table slow ()", m0002_next="create table next ()"
    )

    with ThreadPoolExecutor(2) as runners:
        applied = list(runners.map(lambda _: migrate(empty, folder=folder), range(2)))

    assert sorted(applied) == [[], ["0001_slow", "0002_next"]]


def test_a_runner_that_failed_lets_the_next_one_in(empty: str, tmp_path: Path) -> None:
    folder = _write(tmp_path, m0001_bad="select 1 / 0")
    for _ in range(2):
        with pytest.raises(MigrationFailed):
            migrate(empty, folder=folder)


@pytest.mark.parametrize("login", ["owner", "app", "worker"])
def test_starting_on_an_unmigrated_database_is_refused_and_changes_nothing(server: Server, login: str) -> None:
    with server.empty_database() as addresses:
        # Another database of this server has made the logins by now, or this makes them.
        with server.migrated_database():
            pass
        with pytest.raises(DatabaseNotMigrated, match=f"lacks {len(migrations())} migrations"):
            require_migrated(getattr(addresses, login))

        assert _rows(addresses.owner, "select tablename from pg_tables where schemaname = 'public'") == []


@pytest.mark.parametrize("login", ["owner", "app", "worker"])
def test_starting_on_a_migrated_database_is_fine_for_every_login(addresses: Addresses, login: str) -> None:
    require_migrated(getattr(addresses, login))


def test_file_names_are_in_one_row_without_gaps() -> None:
    assert [migration.version for migration in migrations()] == [f"{n:04}" for n in range(1, len(migrations()) + 1)]
