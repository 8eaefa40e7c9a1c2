"""Portraits at one address per version, so that a browser fetches each of them once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.accounts.person import Person
from core.errors import DatabaseAway, PhotoGone, StorageAway
from core.server.session_cookie import session_token

# As many as the database usually has connections for.
AT_ONCE = 10
# A version never changes, and only this browser may keep it.
KEEP_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
# Where to is forgotten long before a signed link ends; the file itself is kept under its own address.
WAY_KEPT_S = 300
KEEP_THE_WAY = {"Cache-Control": f"private, max-age={WAY_KEPT_S}"}
# After that the browser asks whether it may still show it, and a member who was taken out may not.
ASK_AGAIN_S = 30
KEEP_WHILE_MEMBER = {"Cache-Control": f"private, max-age={ASK_AGAIN_S}, must-revalidate", "Vary": "Cookie"}


class Sessions(Protocol):
    def person(self, token: str, *, is_seen: bool = True) -> Person | None: ...


class Photos(Protocol):
    """Where a photo is stored, or (True) its thumbnail. Each raises PhotoGone."""

    def key_by_id(self, photo_id: UUID, thumbnail: bool) -> str: ...

    def key_for(self, person: Person, photo_id: UUID, thumbnail: bool) -> str: ...

    def keys_beside(self, person: Person, photo_id: UUID) -> Collection[str]: ...


@dataclass(frozen=True)
class FoundPhoto:
    """Where a photo is stored, and `beside` what the same browser is likely to ask for next."""

    key: str
    beside: Callable[[], Collection[str]] = tuple


FindPhoto = Callable[[Request, UUID, bool], FoundPhoto]


@dataclass(frozen=True)
class PhotoAccess:
    """Who may open a photo's address, and for how long their browser may keep the file, or the way to it."""

    find: FindPhoto
    file_headers: dict[str, str]
    way_headers: dict[str, str]


class Store(Protocol):
    """Where the files are."""

    def link(self, key: str, beside: Callable[[], Collection[str]]) -> str | None:
        """Where a browser fetches the file itself; None where it is to be sent from here."""

    def read(self, key: str) -> bytes: ...


def by_its_id(photos: Callable[[], Photos]) -> PhotoAccess:
    """For a demo: the id can't be guessed, and that is the secret."""

    def find(_request: Request, photo_id: UUID, thumbnail: bool) -> FoundPhoto:
        return FoundPhoto(photos().key_by_id(photo_id, thumbnail))

    return PhotoAccess(find, KEEP_FOREVER, KEEP_THE_WAY)


def by_session(sessions: Callable[[], Sessions], photos: Callable[[], Photos]) -> PhotoAccess:
    """For whoever is signed in and may see the student now; looking at pictures makes no session younger."""

    def find(request: Request, photo_id: UUID, thumbnail: bool) -> FoundPhoto:
        token = session_token(request)
        person = None if token is None else sessions().person(token, is_seen=False)
        if person is None:
            raise PhotoGone
        key = photos().key_for(person, photo_id, thumbnail)
        return FoundPhoto(key, lambda: photos().keys_beside(person, photo_id))

    return PhotoAccess(find, KEEP_WHILE_MEMBER, KEEP_WHILE_MEMBER)


def photo_route(access: PhotoAccess, store: Store) -> Route:
    """`/app/static/photos/<photo id>`, with `?size=thumbnail` for the small one."""
    # Both the database and the store block. Threads of its own: where the store hangs, so do at most these, and neither
    # signing in nor the pages' files wait behind them.
    threads = CapacityLimiter(AT_ONCE)

    async def answer(request: Request) -> Response:
        return await to_thread.run_sync(serve, request, limiter=threads)

    def serve(request: Request) -> Response:
        photo_id, thumbnail = request.path_params["photo_id"], request.query_params.get("size") == "thumbnail"
        etag = f'"{photo_id}{"-thumbnail" if thumbnail else ""}"'
        headers = {**access.file_headers, "ETag": etag}
        try:
            found = access.find(request, photo_id, thumbnail)
            # Only the file has this tag, and never the way to it.
            if _has_it(request, etag):
                return Response(status_code=304, headers=headers)
            link = store.link(found.key, found.beside)
            if link is not None:
                return RedirectResponse(link, status_code=302, headers=access.way_headers)
            return Response(store.read(found.key), media_type="image/webp", headers=headers)
        except PhotoGone:
            return _not_now(404)
        except (DatabaseAway, OperationalError, StorageAway):
            return _not_now(503)

    return Route("/app/static/photos/{photo_id:uuid}", answer)


def _has_it(request: Request, etag: str) -> bool:
    known = request.headers.get("If-None-Match", "")
    return etag in {one.strip().removeprefix("W/") for one in known.split(",")}


def _not_now(status: int) -> Response:
    return Response(status_code=status, headers={"Cache-Control": "no-store"})
