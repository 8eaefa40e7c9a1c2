"""A job's lock, held by the worker's own connection: when the worker dies, Postgres lets go of it."""

import contextlib
import threading
from collections.abc import Iterator
from uuid import UUID

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class that psycopg2 spells in lower case

from core.db.addresses import PATIENCE, libpq_url

# `rescue.py` asks for the same key in SQL.
_KEY = "hashtextextended(%s, 11)"


class JobLocks:
    """All of one worker's locks, on one connection; a transaction pooler between would break them."""

    def __init__(self, address: str) -> None:
        self._address = libpq_url(address)
        self._connection: Connection | None = None
        self._threads = threading.Lock()
        # Postgres lets one connection take its own lock again, so threads are told apart here.
        self._held: set[UUID] = set()

    @contextlib.contextmanager
    def hold(self, job_id: UUID) -> Iterator[bool]:
        """False if another worker, or another thread of this one, holds it already."""
        held = self._take(job_id)
        try:
            yield held
        finally:
            if held:
                self._let_go(job_id)

    def close(self) -> None:
        with self._threads:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _take(self, job_id: UUID) -> bool:
        with self._threads:
            if job_id in self._held or not self._ask_again(f"select pg_try_advisory_lock({_KEY})", job_id):
                return False
            self._held.add(job_id)
            return True

    def _let_go(self, job_id: UUID) -> None:
        with self._threads:
            self._held.discard(job_id)
            # A connection that broke has let go by itself.
            with contextlib.suppress(psycopg2.OperationalError, psycopg2.InterfaceError):
                self._ask(f"select pg_advisory_unlock({_KEY})", job_id)

    def _ask_again(self, statement: str, job_id: UUID) -> bool:
        """Tried twice: that a connection broke since it was last used shows only now."""
        try:
            return self._ask(statement, job_id)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            return self._ask(statement, job_id)

    def _ask(self, statement: str, job_id: UUID) -> bool:
        with self._connected().cursor() as cursor:
            cursor.execute(statement, [str(job_id)])
            row = cursor.fetchone()
            return bool(row and row[0])

    def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg2.connect(self._address, application_name="staffroom locks", **PATIENCE)
            self._connection.autocommit = True
        return self._connection
