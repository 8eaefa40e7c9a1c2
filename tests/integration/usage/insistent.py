"""A database that hears every settlement three times, as where a commit's answer was lost on its way."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from core.db.engine import Claimant, Database, build_engine
from tests.postgres import Addresses

AGAIN = 2
Told = list[tuple[str, Any]]


class InsistentDatabase(Database):
    """Whatever a transaction said to the ledger is said twice more after its commit, each time in one of its own."""

    def __init__(self, addresses: Addresses) -> None:
        app, worker = build_engine(addresses.app, pool_size=8), build_engine(addresses.worker, pool_size=16)
        super().__init__(app=app, worker=worker)
        self.told_again = 0
        """Settlements and releases; what looks for answers of the dead is repeated, too, and not counted."""
        self._counting = Lock()
        for engine in (app, worker):
            _listen(engine)

    @contextmanager
    def as_person(self, person: Claimant) -> Iterator[Session]:
        with super().as_person(person) as session:
            _told(session)
            yield session
            told = _told(session)
        for _ in range(AGAIN if told else 0):
            with super().as_person(person) as session:
                self._tell(session, told)

    @contextmanager
    def as_worker(self) -> Iterator[Session]:
        with super().as_worker() as session:
            _told(session)
            yield session
            session.flush()
            told = _told(session)
        for _ in range(AGAIN if told else 0):
            with super().as_worker() as session:
                self._tell(session, told)

    def _tell(self, session: Session, told: Told) -> None:
        for statement, values in told:
            session.connection().exec_driver_sql(statement, values)
        with self._counting:
            self.told_again += sum("cut_off" not in statement for statement, _ in told)


def _listen(engine: Engine) -> None:
    @event.listens_for(engine, "after_cursor_execute")
    def note(connection: Connection, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if _settles(statement):
            connection.info.setdefault("told", []).append((statement, values))


def _settles(statement: str) -> bool:
    is_update = statement.startswith("UPDATE openai_usage") and "state=" in statement
    return is_update or "private.end_answer(" in statement or "private.cut_off_" in statement


def _told(session: Session) -> Told:
    told: Told = session.connection().info.pop("told", [])
    return told
