"""How many connections each process may open at most; the pools themselves are made by these numbers."""

from dataclasses import dataclass

from core.db.engine import OVERFLOW
from core.db.preparing import APP_LOGIN, WORKER_LOGIN
from core.settings import Settings

QUEUE_POOL = 5
"""The worker's queue: both lanes fetch, and jobs end, over one pool."""
LANES = 2
"""Single portraits and classes' portraits; each listens on a connection of its own."""
LOCKS = 1
"""All advisory locks of a worker are held on one connection."""
LOOKS = 3
"""`/readyz` asks for the database, its migrations and the queue at once, each on a connection of its own."""
COMMAND = 2
"""A command works in one transaction at a time, and may look at something beside it."""


@dataclass(frozen=True)
class Part:
    """Connections of one login that a process opens for one purpose."""

    purpose: str
    login: str
    at_most: int


@dataclass(frozen=True)
class Wanted:
    """What one kind of process may open, and how many such processes there are."""

    process: str
    how_many: int
    parts: tuple[Part, ...]

    @property
    def each(self) -> int:
        """Of one such process."""
        return sum(part.at_most for part in self.parts)

    @property
    def at_most(self) -> int:
        return self.how_many * self.each

    def of(self, login: str) -> int:
        """Of all such processes with this login; a pooler counts each login's by itself."""
        return self.how_many * sum(part.at_most for part in self.parts if part.login == login)


@dataclass(frozen=True)
class WantedConnections:
    """A whole deployment's, with one command beside what always runs."""

    kinds: tuple[Wanted, ...]

    @property
    def at_most(self) -> int:
        return sum(kind.at_most for kind in self.kinds)

    def of(self, login: str) -> int:
        return sum(kind.of(login) for kind in self.kinds)


def wanted_connections(settings: Settings, *, web_processes: int = 1, workers: int = 1) -> WantedConnections:
    """At most, if all of these processes, which share these settings, are as busy as they can be."""
    return WantedConnections(
        (
            Wanted("web process", web_processes, _of_web_process(settings)),
            Wanted("worker", workers, _of_worker(settings)),
            Wanted("command", 1, (Part("the operator's command", WORKER_LOGIN, COMMAND),)),
        )
    )


def worker_pool_size(settings: Settings) -> int:
    """Two kinds of portraits at once, and what looks after them."""
    return 2 * settings.worker_concurrency + 4


def _of_web_process(settings: Settings) -> tuple[Part, ...]:
    own = (
        Part("pages and answers", APP_LOGIN, settings.db_pool_size + OVERFLOW),
        Part("whether it is ready", APP_LOGIN, LOOKS),
    )
    if settings.run_worker_in_app:
        return own + _of_worker(settings)
    if settings.uses_embedded_database or settings.worker_database_url is not None:
        return (*own, _of_worker_engine(settings))
    return own


def _of_worker(settings: Settings) -> tuple[Part, ...]:
    return (
        _of_worker_engine(settings),
        Part("the queue", WORKER_LOGIN, QUEUE_POOL + LANES),
        Part("the locks of what is being made", WORKER_LOGIN, LOCKS),
    )


def _of_worker_engine(settings: Settings) -> Part:
    return Part("portraits and their care", WORKER_LOGIN, worker_pool_size(settings) + OVERFLOW)
