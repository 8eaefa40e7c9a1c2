"""Applies sql/supabase/migrations and keeps the Supabase CLI's own history, so that both agree."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class that psycopg2 spells in lower case

from core.db.addresses import PATIENCE, libpq_url
from core.errors import DatabaseAway, DatabaseNotMigrated, MigrationFailed
from core.settings import CHECKOUT

FOLDER = CHECKOUT / "sql" / "supabase" / "migrations"

# What the CLI makes, statement for statement in effect.
_HISTORY = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;
"""
# Any number will do, as long as every runner takes the same.
_LOCK = 7_310_442_918


@dataclass(frozen=True)
class Migration:
    """One file `NNNN_name.sql`."""

    version: str
    name: str
    sql: str

    @property
    def title(self) -> str:
        return f"{self.version}_{self.name}"


def migrations(folder: Path = FOLDER) -> list[Migration]:
    return [
        Migration(match[1], match[2], path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.sql"))
        if (match := re.fullmatch(r"(\d+)_(\w+)\.sql", path.name))
    ]


def migrate(owner_address: str, *, folder: Path = FOLDER) -> list[str]:
    """Applies what is missing, each file in a transaction of its own; returns their titles.

    Raises MigrationFailed or DatabaseAway; what was applied before the failing file stays.
    """
    wanted = migrations(folder)
    with _connected(owner_address) as connection:
        if not _missing(connection, wanted):
            return []
        with _only_runner(connection):
            return [_apply(connection, migration) for migration in _missing(connection, wanted)]


def require_migrated(address: str, *, folder: Path = FOLDER) -> None:
    """Raises DatabaseNotMigrated if the database at `address` lacks a migration, DatabaseAway if it is not there."""
    missing = missing_migrations(address, folder=folder)
    if missing:
        raise DatabaseNotMigrated(len(missing))


def missing_migrations(address: str, *, folder: Path = FOLDER) -> list[Migration]:
    """What `migrate` would apply. Raises DatabaseAway."""
    with _connected(address) as connection:
        return _missing(connection, migrations(folder))


@contextmanager
def _connected(address: str) -> Iterator[Connection]:
    try:
        connection = psycopg2.connect(libpq_url(address), **PATIENCE)
    except psycopg2.OperationalError as error:
        raise DatabaseAway from error
    with closing(connection):
        yield connection


def _missing(connection: Connection, wanted: list[Migration]) -> list[Migration]:
    with connection, connection.cursor() as cursor:
        cursor.execute("select to_regclass('supabase_migrations.schema_migrations') is not null")
        row = cursor.fetchone()
        if row is None or not row[0]:
            return wanted
        cursor.execute("select version from supabase_migrations.schema_migrations")
        applied = {version for (version,) in cursor.fetchall()}
    return [migration for migration in wanted if migration.version not in applied]


@contextmanager
def _only_runner(connection: Connection) -> Iterator[None]:
    with connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(_HISTORY)
        yield
    finally:
        with connection, connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def _apply(connection: Connection, migration: Migration) -> str:
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(migration.sql)
            cursor.execute(
                "insert into supabase_migrations.schema_migrations (version, name, statements) values (%s, %s, %s)",
                [migration.version, migration.name, [migration.sql]],
            )
    except psycopg2.Error as error:
        reason = (error.diag.message_primary or "the database gave no reason").rstrip(".")
        raise MigrationFailed(migration.title, reason) from error
    return migration.title
