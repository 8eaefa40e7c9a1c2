"""A stand-in of hosted Supabase's database: a server where `postgres` owns its database and is no superuser."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from core.db.preparing import OWNER as LOCAL_OWNER
from core.settings import CHECKOUT
from tests.e2e.browsing import free_port
from tests.postgres import new_name
from tests.production.programs import Programs

BINARIES = Path("/usr/lib/postgresql")
SUPERUSER = "supabase_admin"
OWNER = "postgres"
_SQL = Path(__file__).parent
_ROLES = _SQL / "roles.sql"
_DATABASE = _SQL / "database.sql"
_SINCE_2026_10_30 = _SQL / "since_2026_10_30.sql"
_STORAGE = CHECKOUT / "sql" / "local" / "0002_supabase_storage.sql"
STORAGE_ADMIN = "supabase_storage_admin"


@dataclass(frozen=True)
class Project:
    """One database of the server; a Supabase project has only one."""

    server: "HostedServer"
    database: str

    def address(self, login: str = OWNER, password: str | None = None) -> str:
        return self.server.address(self.database, login, password)

    def run(self, *statements: str) -> None:
        """As supabase_admin, each statement for itself."""
        with closing(psycopg2.connect(self.address(SUPERUSER))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.address(SUPERUSER))) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def schema(self) -> str:
        """All that is not Supabase's own, with who may do what."""
        theirs = [f"--exclude-schema={name}" for name in ("auth", "extensions", "storage")]
        command = [str(_binary("pg_dump")), "--schema-only", *theirs, self.address(SUPERUSER)]
        dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        # Each dump has a random word of its own, against what may stand in a name.
        return "\n".join(line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


@dataclass(frozen=True)
class HostedServer:
    port: int
    password: str = field(repr=False)

    def address(self, database: str, login: str = OWNER, password: str | None = None) -> str:
        """By password over TCP, as from outside."""
        return f"postgresql://{login}:{password or self.password}@127.0.0.1:{self.port}/{database}?sslmode=disable"

    def project(self, *, since_2026_10_30: bool) -> Project:
        """An empty one, from before or after Supabase stopped to grant everything to everybody."""
        project = Project(self, new_name())
        Project(self, "template1").run(f"create database {project.database} owner {OWNER} template template0")
        storage = _STORAGE.read_text(encoding="utf-8").replace(LOCAL_OWNER, STORAGE_ADMIN)
        project.run(_DATABASE.read_text(encoding="utf-8"), storage)
        if since_2026_10_30:
            project.run(_SINCE_2026_10_30.read_text(encoding="utf-8"))
        return project


@contextmanager
def hosted_server(programs: Programs) -> Iterator[HostedServer]:
    """Ends with the block, and with the test run if that is killed."""
    folder = programs.folder / "hosted"
    server = HostedServer(free_port(), secrets.token_urlsafe())
    data = ["-D", str(folder / "data")]
    _initialise(folder, data, server.password)
    options = f"-k {folder} -c listen_addresses=127.0.0.1 -c port={server.port} -c fsync=off"
    _run("pg_ctl", *data, "-w", "-l", str(folder / "log"), "-o", options, "start", folder=folder)
    try:
        programs.hold(int((folder / "data" / "postmaster.pid").read_text().splitlines()[0]))
        everywhere = Project(server, "template1")
        everywhere.run(_ROLES.read_text(encoding="utf-8"), f"alter role {OWNER} password '{server.password}'")
        yield server
    finally:
        # Whoever is still connected is sent away, and nothing is written down.
        _run("pg_ctl", *data, "-w", "-m", "immediate", "stop", folder=folder)


def _initialise(folder: Path, data: list[str], password: str) -> None:
    folder.mkdir(mode=0o700)
    words = folder / "superuser"
    words.write_text(password, encoding="utf-8")
    if os.getuid() == 0:
        # PostgreSQL refuses to run as root; the folder above must let it through.
        folder.parent.chmod(0o711)
        for path in (folder, words):
            shutil.chown(path, "postgres")
    how = ["-A", "scram-sha-256", "--pwfile", str(words), "--locale=C.UTF-8", "--no-sync"]
    _run("initdb", *data, "-U", SUPERUSER, *how, folder=folder)


def _run(program: str, *arguments: str, folder: Path) -> None:
    as_whom = "postgres" if os.getuid() == 0 else None
    command = [str(_binary(program)), *arguments]
    subprocess.run(command, check=True, user=as_whom, cwd=folder, stdout=subprocess.DEVNULL)


def _binary(name: str) -> Path:
    """Of the newest PostgreSQL that this system has."""
    newest = max(BINARIES.iterdir(), key=lambda folder: int(folder.name))
    return newest / "bin" / name
