"""Portraits at one address per version, so that a browser fetches each of them once."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import DatabaseAway, PhotoGone, StorageAway

PhotoBytes = Callable[[UUID, bool], bytes]
"""Finds a photo's WebP by its id, or (True) its thumbnail's; raises PhotoGone."""

# A version never changes, and only this browser may keep it.
KEEP_FOREVER = "private, max-age=31536000, immutable"


def photo_route(photo_bytes: PhotoBytes) -> Route:
    """`/app/static/photos/<photo id>`, with `?size=thumbnail` for the small one."""

    # Not async: Starlette runs it in a thread, and reading the store blocks.
    def serve(request: Request) -> Response:
        thumbnail = request.query_params.get("size") == "thumbnail"
        etag = f'"{request.path_params["photo_id"]}{"-thumbnail" if thumbnail else ""}"'
        try:
            content = photo_bytes(request.path_params["photo_id"], thumbnail)
        except PhotoGone:
            return _not_now(404)
        except (DatabaseAway, OperationalError, StorageAway):
            return _not_now(503)
        headers = {"Cache-Control": KEEP_FOREVER, "ETag": etag}
        if etag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type="image/webp", headers=headers)

    return Route("/app/static/photos/{photo_id:uuid}", serve)


def _not_now(status: int) -> Response:
    return Response(status_code=status, headers={"Cache-Control": "no-store"})
