"""Transactions as a person or as the worker; nothing else opens a connection of the app's."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from core.db.addresses import PATIENCE, sqlalchemy_url
from core.db.refusals import refusal
from core.errors import WorkerLoginMissing

# One round trip; both settings end with the transaction, so a pooled connection never remembers a person.
_BECOME = text(
    "select set_config('role', :role, true), set_config('request.jwt.claims', :claims, true), "
    "set_config('search_path', 'public', true)"
)


OVERFLOW = 5
"""What an engine opens beyond its pool while it is busy, and closes again."""


def build_engine(address: str, *, pool_size: int, revive: Callable[[], object] | None = None) -> Engine:
    """`revive` is called when no connection can be made, and then it is tried again, three times in all."""
    engine = create_engine(
        sqlalchemy_url(address),
        pool_size=pool_size,
        max_overflow=OVERFLOW,
        pool_timeout=3,
        pool_recycle=1800,
        pool_pre_ping=True,
        # What an error of ours says must not hold a name or a prompt.
        hide_parameters=True,
        connect_args={"application_name": "staffroom", **PATIENCE},
    )
    if revive is not None:
        _revive_on_failure(engine, revive)
    return engine


# A killed server may look alive for a moment, and then there is nothing to revive yet.
_WHILE_DYING_S = (0.0, 0.2, 0.5)


def _revive_on_failure(engine: Engine, revive: Callable[[], object]) -> None:
    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, args: Any, kwargs: Any) -> Any:
        for pause_s in _WHILE_DYING_S:
            try:
                return dialect.connect(*args, **kwargs)
            except dialect.loaded_dbapi.OperationalError:
                time.sleep(pause_s)
                revive()
        return dialect.connect(*args, **kwargs)


class Claimant(Protocol):
    """Whom a transaction speaks for, and whose clock its messages show."""

    @property
    def staff_id(self) -> UUID: ...

    @property
    def zone(self) -> ZoneInfo: ...


class Database:
    """The two logins' engines; `worker` is None in a web process that has no worker inside."""

    def __init__(self, *, app: Engine, worker: Engine | None) -> None:
        self._app = app
        self._worker = worker
        self._check: Callable[[Claimant], None] = _anyone

    def check_first(self, check: Callable[[Claimant], None]) -> None:
        """Asked before each transaction as a person; what it raises comes in the transaction's place."""
        self._check = check

    @contextmanager
    def as_person(self, person: Claimant) -> Iterator[Session]:
        """One transaction with this person's claims, under row-level security; commits at the end.

        Raises the AppError behind what the database refused, with times in the person's zone.
        """
        self._check(person)
        claims = json.dumps({"sub": str(person.staff_id), "iss": "staffroom"})
        with _translated(person.zone), Session(self._app) as session, session.begin():
            session.execute(_BECOME, {"role": "authenticated", "claims": claims})
            yield session

    @contextmanager
    def as_nobody(self) -> Iterator[Session]:
        """One transaction before anyone is known, for the few functions that may run then."""
        with _translated(_UTC), Session(self._app) as session, session.begin():
            session.execute(_BECOME, {"role": "authenticated", "claims": ""})
            yield session

    @contextmanager
    def as_worker(self) -> Iterator[Session]:
        """One transaction past row-level security, for the worker and the operator's commands alone."""
        if self._worker is None:
            raise WorkerLoginMissing
        with _translated(_UTC), Session(self._worker) as session, session.begin():
            session.execute(_BECOME, {"role": "service_role", "claims": ""})
            yield session

    def close(self) -> None:
        self._app.dispose()
        if self._worker is not None:
            self._worker.dispose()


_UTC = ZoneInfo("UTC")


def _anyone(_person: Claimant) -> None:
    """Whom a page names is checked where there are sessions."""


@contextmanager
def _translated(zone: ZoneInfo) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        known = refusal(error, zone)
        if known is None:
            raise
        raise known from error
