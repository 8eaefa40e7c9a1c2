"""What a database says of itself to one of our logins; judged elsewhere."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class that psycopg2 spells in lower case
from sqlalchemy import URL

from core.clocks import certainly_ahead_s
from core.db.addresses import PATIENCE, libpq_url, sqlalchemy_url
from core.db.connecting import unreachable
from core.errors import Unreachable
from core.web_values import is_loopback

_FACTS = Path(__file__).with_name("inspection.sql").read_text(encoding="utf-8")
_APPLIED = "select version from supabase_migrations.schema_migrations"


@dataclass(frozen=True)
class Login:
    """Who we are there; `may_become` names the role that could really be taken."""

    name: str
    is_superuser: bool
    bypasses_policies: bool
    inherits: bool
    makes_roles: bool
    most_connections: int
    owns: int
    member_of: frozenset[str]
    may_become: str | None


@dataclass(frozen=True)
class Room:
    """Connections: -1 stands for no limit of the database's own, or of the login's."""

    most: int
    kept_back: int
    most_of_database: int
    open: int
    open_of_app: int
    open_of_worker: int


@dataclass(frozen=True, kw_only=True)
class DatabaseFacts:
    """`applied` is None where the history of migrations is not there or not ours to read."""

    place: str
    is_here: bool
    is_encrypted: bool
    is_pooled: bool
    is_pooled_by_transaction: bool
    ahead_s: float
    version: int
    version_text: str
    search_path: str
    login: Login
    room: Room
    applied: frozenset[str] | None
    tables_without_security: tuple[str, ...]
    careless_views: tuple[str, ...]
    has_storage: bool
    policies: frozenset[str]
    open_policies: tuple[str, ...]
    open_to_anyone: tuple[str, ...]


def inspect(address: str, *, wants_role: str | None, clock: Callable[[], float] = time.time) -> DatabaseFacts:
    """Raises Unreachable. Nothing is changed there; one short connection, another beside it behind a pooler."""
    try:
        with closing(psycopg2.connect(libpq_url(address), **PATIENCE)) as connection:
            return _facts(connection, address, wants_role, clock)
    except psycopg2.Error as error:
        raise unreachable(error) from error


def place_of(address: str) -> str:
    """Host, port and database; never the login's password."""
    url = sqlalchemy_url(address)
    return f"{_host(url) or 'the local socket'}:{url.port or url.query.get('port', 5432)}/{url.database or ''}"


def _host(url: URL) -> str:
    host = url.host or str(url.query.get("host", ""))
    return "" if host.startswith("/") else host


def _facts(connection: Connection, address: str, wants_role: str | None, clock: Callable[[], float]) -> DatabaseFacts:
    asked_at = clock()
    seen = _one(connection, _FACTS)
    answered_at = clock()
    # A pooler makes up the number of the server's process that it tells us.
    is_pooled = connection.info.backend_pid != seen["backend"]
    applied = _applied(connection) if seen["has_history"] else None
    may_become = wants_role if _may_become(connection, wants_role) else None
    host = _host(sqlalchemy_url(address))
    names = ("tables_without_security", "careless_views", "open_policies", "open_to_anyone")
    return DatabaseFacts(
        place=place_of(address),
        is_here=not host or is_loopback(host),
        is_encrypted=bool(connection.info.ssl_in_use),
        is_pooled=is_pooled,
        is_pooled_by_transaction=is_pooled and _lends_by_transaction(connection, address),
        ahead_s=certainly_ahead_s(asked_at, answered_at, float(seen["at"])),
        version=seen["version"],
        version_text=seen["version_text"].split()[0],
        search_path=seen["search_path"],
        login=Login(**{**seen["login"], "member_of": frozenset(seen["login"]["member_of"]), "may_become": may_become}),
        room=Room(**seen["room"]),
        applied=applied,
        has_storage=seen["has_storage"],
        policies=frozenset(seen["policies"]),
        **{name: tuple(seen[name]) for name in names},
    )


def _one(connection: Connection, statement: str) -> Any:
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    if row is None:
        raise Unreachable("the database gave no answer", "See the database's own log.")
    return row[0]


def _applied(connection: Connection) -> frozenset[str] | None:
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(_APPLIED)
            return frozenset(version for (version,) in cursor.fetchall())
    except psycopg2.ProgrammingError:
        return None


def _may_become(connection: Connection, role: str | None) -> bool:
    if role is None:
        return False
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("select set_config('role', %s, true)", [role])
    except psycopg2.DatabaseError:
        return False
    return True


def _lends_by_transaction(connection: Connection, address: str) -> bool:
    """Whether a second client gets the very process that the first one holds; never wrong where it says yes."""
    ours = _one(connection, "select pg_backend_pid()")
    with closing(psycopg2.connect(libpq_url(address), **PATIENCE)) as other:
        return bool(_one(other, "select pg_backend_pid()") == ours)
