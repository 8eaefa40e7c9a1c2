"""The app's reads inside a test's own transaction, so that nothing has to be committed and forgotten again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from core.db.engine import _BECOME, Claimant, Database


class BorrowedDatabase(Database):
    """Each transaction of a person is a savepoint of the owner's, rolled back in the end: it only reads."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(app=connection.engine, worker=None)
        self._connection = connection

    @contextmanager
    def as_person(self, person: Claimant) -> Iterator[Session]:
        claims = json.dumps({"sub": str(person.staff_id), "iss": "staffroom"})
        with (
            forgotten(self._connection),
            Session(self._connection, join_transaction_mode="rollback_only") as session,
        ):
            session.execute(_BECOME, {"role": "authenticated", "claims": claims})
            yield session


@contextmanager
def forgotten(connection: Connection) -> Iterator[None]:
    """Whatever is done within it is undone."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
