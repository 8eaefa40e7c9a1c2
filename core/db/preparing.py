"""Makes a plain Postgres server into one that has what Supabase has, then migrates it."""

from contextlib import closing

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class that psycopg2 spells in lower case

from core.db.embedded import EmbeddedPostgres
from core.db.migrations import migrate, missing_migrations
from core.settings import CHECKOUT

OWNER = "staffroom_owner"
APP_LOGIN = "staffroom_app"
WORKER_LOGIN = "staffroom_worker"
DATABASE = "staffroom"

_SUPERUSER = "postgres"
_LOCK = 7_310_442_917


def prepare_embedded(server: EmbeddedPostgres, database: str = DATABASE) -> list[str]:
    """Database, roles and migrations; returns the migrations applied, none from the second time on."""
    if not _is_there(server, database):
        create_database(server.address(_SUPERUSER, "postgres"), database)
    elif missing_migrations(server.address(OWNER, database)):
        # Made by an earlier version: new migrations may build on what sql/local got since.
        add_what_supabase_has(server.address(_SUPERUSER, database))
    return migrate(server.address(OWNER, database))


def _is_there(server: EmbeddedPostgres, database: str) -> bool:
    with closing(psycopg2.connect(server.address(_SUPERUSER, "postgres"))) as connection:
        return _exists(connection, database)


def create_database(superuser_address: str, database: str) -> None:
    """The Supabase roles and an empty database of staffroom_owner; safe to run by several at once."""
    with closing(psycopg2.connect(superuser_address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
        _run_local_sql(connection)
        if not _exists(connection, database):
            _create(connection, superuser_address, database)


def add_what_supabase_has(superuser_address: str) -> None:
    """To a database that is there; what it has already stays, and several may do it at once."""
    with closing(psycopg2.connect(superuser_address)) as connection, connection:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        _run_local_sql(connection)


def _create(connection: Connection, superuser_address: str, database: str) -> None:
    """Under its own name only when complete, so that one who is killed half-way leaves nothing to trip over."""
    unfinished = f"{database}_unfinished"
    names = {"name": sql.Identifier(database), "unfinished": sql.Identifier(unfinished), "owner": sql.Identifier(OWNER)}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("drop database if exists {unfinished}").format(**names))
        create = "create database {unfinished} owner {owner} encoding 'UTF8' template template0"
        cursor.execute(sql.SQL(create).format(**names))
        with closing(psycopg2.connect(superuser_address, dbname=unfinished)) as inside, inside:
            _run_local_sql(inside)
        cursor.execute(sql.SQL("alter database {unfinished} rename to {name}").format(**names))


def _exists(connection: Connection, database: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select from pg_database where datname = %s", [database])
        return cursor.rowcount == 1


def _run_local_sql(connection: Connection) -> None:
    for path in sorted((CHECKOUT / "sql" / "local").glob("*.sql")):
        with connection.cursor() as cursor:
            cursor.execute(path.read_text(encoding="utf-8"))
