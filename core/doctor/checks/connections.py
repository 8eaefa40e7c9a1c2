"""Whether all processes together may open more connections than there are."""

from collections.abc import Iterator

from core.db.connections import Wanted, WantedConnections, wanted_connections
from core.db.inspection import DatabaseFacts, Login, Room
from core.db.preparing import APP_LOGIN, WORKER_LOGIN
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away, Seen
from core.settings import Settings

CONNECTIONS, ABOUT = "connections", "Connections"
_MORE = "For more processes ask with --web-processes and --workers."
_LOWER = "Lower DB_POOL_SIZE or WORKER_CONCURRENCY, run fewer processes, or take a larger server."


def connections(evidence: Evidence) -> Iterator[Finding]:
    """For as many web processes and workers as the operator says; one of each is how a school starts."""
    seen = evidence.app
    if not isinstance(seen, DatabaseFacts):
        return
    least, most = _wanted(evidence, evidence.settings_of_web), _wanted(evidence, evidence.settings)
    free_for_us = _most(seen.room) - _of_others(seen.room)
    if least.at_most > free_for_us:
        yield problem(CONNECTIONS, ABOUT, f"{_counted(seen, least)} That is more than there are.", _LOWER)
    elif over := _over_a_login(least, evidence.app, evidence.worker):
        to_do = "Raise that login's limit (alter role … connection limit)."
        yield problem(CONNECTIONS, ABOUT, f"{_counted(seen, least)} {over}", to_do)
    elif most.at_most > free_for_us:
        found = f"{_counted(seen, most)} That is more than there are, if web processes have WORKER_DATABASE_URL, too."
        yield warning(CONNECTIONS, ABOUT, found, "Leave it out of their settings; only workers and commands need it.")
    else:
        yield fine(CONNECTIONS, ABOUT, f"{_counted(seen, most)} {_MORE}")


def _wanted(evidence: Evidence, settings: Settings) -> WantedConnections:
    many = evidence.processes
    workers = 0 if settings.run_worker_in_app else many.workers
    return wanted_connections(settings, web_processes=many.web, workers=workers)


def _counted(seen: DatabaseFacts, wanted: WantedConnections) -> str:
    kinds = ", ".join(f"{_named(kind)} {kind.at_most}" for kind in wanted.kinds if kind.how_many)
    room = seen.room
    behind = " (the pooler in between has limits of its own)" if seen.is_pooled else ""
    return (
        f"At most {wanted.at_most} ({kinds}) of {_most(room)}{behind}; {room.open} are open now, "
        f"{room.open_of_app + room.open_of_worker} of them ours."
    )


def _named(kind: Wanted) -> str:
    return kind.process if kind.how_many == 1 else f"{kind.how_many} × {kind.process}"


def _most(room: Room) -> int:
    of_server = room.most - room.kept_back
    return of_server if room.most_of_database < 0 else min(of_server, room.most_of_database)


def _of_others(room: Room) -> int:
    return max(0, room.open - room.open_of_app - room.open_of_worker)


def _over_a_login(wanted: WantedConnections, app: Seen[DatabaseFacts], worker: Seen[DatabaseFacts]) -> str | None:
    for name, seen in ((APP_LOGIN, app), (WORKER_LOGIN, worker)):
        if seen is None or isinstance(seen, Away):
            continue
        login: Login = seen.login
        if 0 <= login.most_connections < wanted.of(name):
            return f"{login.name} may have {login.most_connections} of the {wanted.of(name)} that it needs."
    return None
