"""Whether this process can do its work now, for whoever decides where visitors are sent."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.bootstrap import App
from core.db.migrations import require_migrated
from core.db.readiness import require_queue, require_reachable
from core.errors import AppError
from core.photos.storage import require_storage

LONGEST_LOOK_S = 2.0
REMEMBERED_S = 1.0

Checks = Mapping[str, Callable[[], None]]
"""By name; what raises an AppError, or does not return in time, is a fault."""

log = structlog.get_logger(__name__)


class Readiness:
    """Looks at most once in `remembered_s`, however often it is asked, and never twice at what still hangs."""

    def __init__(
        self, checks: Callable[[], Checks], *, longest_s: float = LONGEST_LOOK_S, remembered_s: float = REMEMBERED_S
    ) -> None:
        self._checks = checks
        self._longest_s = longest_s
        self._remembered_s = remembered_s
        self._under_way: dict[str, Future[bool]] = {}
        self._look: asyncio.Task[dict[str, bool]] | None = None
        self._found: dict[str, bool] = {}
        self._found_at = float("-inf")

    async def states(self) -> dict[str, bool]:
        """Whether each check is well."""
        if time.monotonic() - self._found_at < self._remembered_s:
            return self._found
        if self._look is None:
            self._look = asyncio.create_task(self._looked())
        # Whoever asked first may go away while others wait for the same look.
        return await asyncio.shield(self._look)

    async def _looked(self) -> dict[str, bool]:
        try:
            looks = {name: self._begun(name, check) for name, check in self._checks().items()}
            await asyncio.wait([asyncio.wrap_future(look) for look in looks.values()], timeout=self._longest_s)
            self._found = {name: look.done() and look.result() for name, look in looks.items()}
            self._found_at = time.monotonic()
            return self._found
        finally:
            self._look = None

    def _begun(self, name: str, check: Callable[[], None]) -> Future[bool]:
        before = self._under_way.get(name)
        if before is not None and not before.done():
            return before
        look = self._under_way[name] = Future[bool]()
        # Of its own, so that what hangs takes no thread from visitors, and holds up no end.
        threading.Thread(target=_look_into, args=(name, check, look), name=f"ready-{name}", daemon=True).start()
        return look


def _look_into(name: str, check: Callable[[], None], look: Future[bool]) -> None:
    is_well = False
    try:
        check()
        is_well = True
    except AppError as error:
        log.warning("not_ready", check=name, code=error.code)
    finally:
        look.set_result(is_well)


def checks_of(app: App) -> Checks:
    addresses = app.addresses
    checks: dict[str, Callable[[], None]] = {
        "database": lambda: require_reachable(addresses.app),
        "migrations": lambda: require_migrated(addresses.app),
        "queue": lambda: require_queue(addresses.app, addresses.worker),
    }
    # A bucket is away for all servers at once, and pages work without it: none is better than another then.
    if not app.settings.keeps_photos_in_supabase:
        checks["storage"] = lambda: require_storage(app.storage)
    return checks


def readiness_route(readiness: Readiness, *, is_ending: Callable[[], bool]) -> Route:
    """`/readyz`, open to all: it names what is at fault and nothing that anyone could use."""

    async def answer(_request: Request) -> Response:
        states = await readiness.states()
        found = {"serving": not is_ending(), **states}
        is_ready = all(found.values())
        told = {
            "status": _word(is_ready),
            "checks": {name: _word(is_well) for name, is_well in found.items()},
        }
        return JSONResponse(told, status_code=200 if is_ready else 503, headers={"Cache-Control": "no-store"})

    return Route("/readyz", answer)


def _word(is_well: bool) -> str:
    return "ok" if is_well else "fault"
