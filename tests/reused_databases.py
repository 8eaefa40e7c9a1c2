"""Databases that tests use one after the other: emptying one costs a tenth of making and dropping it."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class that psycopg2 spells in lower case

from tests.postgres import Addresses, Server, new_name

_INSTALL = Path(__file__).with_name("reused_databases.sql").read_text(encoding="utf-8")
_TERMINATE = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
# Nothing is vacuumed in between, so that rows stay in the order in which they came; therefore not for ever.
MOST_USES = 60


class ReusedDatabases(ExitStack):
    """Of one process; each is lent to one test at a time, and dropped in the end or once its structure was changed."""

    def __init__(self) -> None:
        super().__init__()
        self._free: dict[Server, list[tuple[str, int]]] = defaultdict(list)
        self._connections: dict[Server, Connection] = {}

    @contextmanager
    def lend(self, server: Server) -> Iterator[Addresses]:
        """A migrated, empty database."""
        name, uses = self._free[server].pop() if self._free[server] else (self._made(server), 0)
        yield server.addresses(name)
        self._take_back(server, name, uses + 1)

    def _made(self, server: Server) -> str:
        name = server.make_migrated_database()
        self.callback(server.drop, name)
        with closing(psycopg2.connect(server.addresses(name).superuser)) as inside, inside, inside.cursor() as cursor:
            cursor.execute(_INSTALL)
        return name

    def _take_back(self, server: Server, name: str, uses: int) -> None:
        # Under a new name whatever still runs of the last test finds nothing.
        renamed = new_name()
        try:
            self._rename(server, name, renamed)
            is_empty = uses < MOST_USES and _emptied(server.addresses(renamed).superuser)
        except psycopg2.Error:
            is_empty = False
        if is_empty:
            self.callback(server.drop, renamed)
            self._free[server].append((renamed, uses))
        else:
            server.drop(name)
            server.drop(renamed)

    def _rename(self, server: Server, name: str, renamed: str) -> None:
        if server not in self._connections:
            self._connections[server] = self.enter_context(closing(psycopg2.connect(server.superuser_address)))
            self._connections[server].autocommit = True
        with self._connections[server].cursor() as cursor:
            cursor.execute(_TERMINATE, [name])
            while cursor.rowcount:
                time.sleep(0.002)
                cursor.execute(_TERMINATE, [name])
            cursor.execute(f"alter database {name} rename to {renamed}")


def _emptied(superuser_address: str) -> bool:
    with closing(psycopg2.connect(superuser_address)) as inside, inside, inside.cursor() as cursor:
        cursor.execute("set local lock_timeout = '5s'")
        cursor.execute("select tests_own.empty()")
        found = cursor.fetchone()
    return found == (True,)
