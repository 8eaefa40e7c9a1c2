"""What is said of a process's connections is what its pools open when they are busy."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, QueuePool, create_engine, text

from core.bootstrap import build_app
from core.db.addresses import sqlalchemy_url
from core.db.connections import LANES, Part, wanted_connections
from core.settings import Settings, load_settings
from tests.integration.photos.studio import wait_until
from tests.postgres import Addresses

_OPEN = """
    select count(*) filter (where application_name = 'staffroom') as pooled,
        count(*) filter (where query like 'LISTEN%') as listening,
        count(*) as everything
    from pg_stat_activity where datname = current_database() and usename = :login
"""


@pytest.fixture
def superuser(addresses: Addresses) -> Iterator[Connection]:
    """Only a superuser sees what others' connections do."""
    engine = create_engine(sqlalchemy_url(addresses.superuser), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_a_busy_worker_opens_what_is_said_and_no_more(
    addresses: Addresses, superuser: Connection, tmp_path: Path
) -> None:
    settings = _settings(addresses, tmp_path, WORKER_CONCURRENCY="1")
    worker = wanted_connections(settings).kinds[1]
    engine_part = worker.parts[0]

    with closing(build_app(settings)) as app, ExitStack() as busy:
        app.start_worker()
        _hold(busy, app.database._worker, engine_part)
        wait_until(lambda: _open(superuser, "staffroom_worker")[:2] == (engine_part.at_most, LANES))

        assert _open(superuser, "staffroom_worker")[2] <= worker.each
        assert _open(superuser, "staffroom_app")[2] == 0


def test_busy_pages_open_what_is_said(addresses: Addresses, superuser: Connection, tmp_path: Path) -> None:
    settings = _settings(addresses, tmp_path, DB_POOL_SIZE="2")
    pages = wanted_connections(settings).kinds[0].parts[0]

    with closing(build_app(settings)) as app, ExitStack() as busy:
        _hold(busy, app.database._app, pages)

        assert _open(superuser, pages.login)[2] == pages.at_most


def test_processes_are_added_up_by_login(tmp_path: Path) -> None:
    nowhere = Addresses(*(f"postgresql://{login}@db.example/postgres" for login in ("s", "o", "a", "w")))
    settings = _settings(nowhere, tmp_path, DB_POOL_SIZE="8", WORKER_CONCURRENCY="2", RUN_WORKER_IN_APP="false")

    wanted = wanted_connections(settings, web_processes=3, workers=2)

    web, worker, command = wanted.kinds
    assert wanted.at_most == 3 * web.each + 2 * worker.each + command.each
    assert wanted.of("staffroom_app") == 3 * (8 + 5 + 3)
    assert wanted.of("staffroom_app") + wanted.of("staffroom_worker") == wanted.at_most


def test_a_worker_inside_a_web_process_counts_there(tmp_path: Path) -> None:
    nowhere = Addresses(*(f"postgresql://{login}@db.example/postgres" for login in ("s", "o", "a", "w")))
    apart = wanted_connections(_settings(nowhere, tmp_path), workers=1)
    inside = wanted_connections(_settings(nowhere, tmp_path, RUN_WORKER_IN_APP="true"), workers=0)

    assert apart.kinds[1].each < inside.at_most
    assert inside.kinds[1].at_most == 0
    assert inside.kinds[0].each == apart.of("staffroom_app") + apart.kinds[1].each


def _settings(addresses: Addresses, data_dir: Path, **more: str) -> Settings:
    return load_settings(
        {
            "STAFFROOM_MODE": "production",
            "STAFFROOM_DATA_DIR": str(data_dir),
            "DATABASE_URL": addresses.app,
            "WORKER_DATABASE_URL": addresses.worker,
            **more,
        }
    )


def _hold(busy: ExitStack, engine: Engine | None, part: Part) -> None:
    """All that the engine opens, which is what is said."""
    assert engine is not None
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.size() + pool._max_overflow == part.at_most
    for _ in range(part.at_most):
        busy.enter_context(engine.connect())


def _open(superuser: Connection, login: str) -> tuple[int, int, int]:
    row = superuser.execute(text(_OPEN), {"login": login}).one()
    return (row.pooled, row.listening, row.everything)
