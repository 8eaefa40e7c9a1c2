"""A server that is not ours is never changed by starting the app, and its absence has a sentence."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from core.bootstrap import build_app
from core.db.addresses import sqlalchemy_url
from core.db.engine import Database, build_engine
from core.db.migrations import migrate, migrations, require_migrated
from core.db.preparing import create_database
from core.errors import DatabaseAway, DatabaseNotMigrated
from core.settings import Settings, load_settings
from tests.cast import Cast
from tests.postgres import Addresses, Server, only_one

NOWHERE = "postgresql://staffroom_app@/staffroom?host=/tmp/no-such-folder"


def _settings(data_dir: Path, addresses: Addresses) -> Settings:
    return load_settings(
        {
            "STAFFROOM_DATA_DIR": str(data_dir),
            "DATABASE_URL": addresses.app,
            "WORKER_DATABASE_URL": addresses.worker,
            "MIGRATION_DATABASE_URL": addresses.owner,
        }
    )


def test_starting_the_app_does_not_migrate_it(server: Server, tmp_path: Path) -> None:
    with server.empty_database() as addresses:
        with server.migrated_database():
            pass

        with pytest.raises(DatabaseNotMigrated):
            build_app(_settings(tmp_path / "data", addresses))

        with closing(psycopg2.connect(addresses.owner)) as connection, connection.cursor() as cursor:
            cursor.execute("select nspname from pg_namespace where nspname in ('private', 'supabase_migrations')")
            assert cursor.fetchall() == []


def test_the_app_starts_on_a_migrated_one(addresses: Addresses, cast: Cast, tmp_path: Path) -> None:
    app = build_app(_settings(tmp_path / "data", addresses))

    with app.database.as_person(cast.mei) as session:
        assert session.connection().dialect.name == "postgresql"
    app.close()


def test_one_that_is_away_is_named_so_at_the_start_and_later(cast: Cast) -> None:
    database = Database(app=build_engine(NOWHERE, pool_size=1), worker=None)

    with pytest.raises(DatabaseAway):
        require_migrated(NOWHERE)
    with pytest.raises(DatabaseAway), database.as_person(cast.mei):
        pass
    database.close()


def test_what_an_error_says_holds_none_of_the_values_sent(database: Database) -> None:
    with pytest.raises(DataError) as failed, database.as_worker() as session:
        session.execute(text("select 1 / 0 where :name <> ''"), {"name": "Ana Lim"})

    assert "division by zero" in str(failed.value)
    assert "Ana" not in str(failed.value)


def test_a_connection_that_broke_is_replaced(
    server: Server, addresses: Addresses, database: Database, cast: Cast
) -> None:
    with database.as_person(cast.mei):
        pass

    name = sqlalchemy_url(addresses.app).database
    server.run(
        f"select pg_terminate_backend(pid) from pg_stat_activity where usename = 'staffroom_app' and datname = '{name}'"
    )

    with database.as_person(cast.mei) as session:
        assert session.is_active


def test_several_processes_may_prepare_the_same_server_at_once(server: Server) -> None:
    name = f"test_{uuid4().hex[:12]}"

    def prepare(_: int) -> list[str]:
        create_database(server.superuser_address, name)
        return migrate(server.addresses(name).owner)

    try:
        # Other tests of this run stay out, because roles belong to the whole server.
        with only_one("roles"), ThreadPoolExecutor(3) as starters:
            applied = sorted(starters.map(prepare, range(3)))
    finally:
        server.run(f"drop database if exists {name} with (force)")

    assert applied == [[], [], [migration.title for migration in migrations()]]
