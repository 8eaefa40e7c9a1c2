"""Where the database is for each login: one that the settings name, or the embedded one, which this starts."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from core.db.embedded import EmbeddedPostgres
from core.db.migrations import require_migrated
from core.db.preparing import APP_LOGIN, DATABASE, OWNER, WORKER_LOGIN, prepare_embedded
from core.errors import DatabaseNotRunning, SettingsError
from core.settings import Settings


@dataclass(frozen=True)
class Addresses:
    """Where the database is for each login; None where this process was not given one."""

    app: str
    worker: str | None
    owner: str | None


def reach_database(settings: Settings, endings: ExitStack) -> tuple[Addresses, Callable[[], None] | None]:
    """Where the database is, and what brings it back if it is ours and dies."""
    _own_folder(settings.data_dir)
    if settings.database_url is not None:
        require_migrated(settings.worker_database_url or settings.database_url)
        external = Addresses(settings.database_url, settings.worker_database_url, settings.migration_database_url)
        return external, None
    server = EmbeddedPostgres(settings.data_dir)
    endings.callback(server.leave)
    server.start()
    prepare_embedded(server)
    addresses = Addresses(*(server.address(login, DATABASE) for login in (APP_LOGIN, WORKER_LOGIN, OWNER)))
    return addresses, server.start


def find_database(settings: Settings, endings: ExitStack) -> Addresses | None:
    """As `reach_database`, but nothing is made and nothing migrated; None where the embedded one never ran."""
    if settings.database_url is not None:
        return Addresses(settings.database_url, settings.worker_database_url, settings.migration_database_url)
    server = EmbeddedPostgres(settings.data_dir)
    if not server.is_made():
        return None
    endings.callback(server.leave)
    server.start()
    return Addresses(*(server.address(login, DATABASE) for login in (APP_LOGIN, WORKER_LOGIN, OWNER)))


def owner_address(settings: Settings) -> str:
    """Where the owner reaches the database that is running; raises DatabaseNotRunning rather than start one."""
    if settings.migration_database_url is not None:
        return settings.migration_database_url
    if not settings.uses_embedded_database:
        raise SettingsError("MIGRATION_DATABASE_URL", "the owner's address of the database")
    server = EmbeddedPostgres(settings.data_dir)
    if not server.is_in_use():
        raise DatabaseNotRunning
    server.start()
    try:
        return server.address(OWNER, DATABASE)
    finally:
        server.leave()


def _own_folder(folder: Path) -> None:
    """Private from the start; a folder that someone else made first, say in the temp folder, is refused."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise SettingsError("STAFFROOM_DATA_DIR", "a folder that is there or can be made") from None
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise SettingsError("STAFFROOM_DATA_DIR", "a folder that belongs to the user who runs Staffroom")
