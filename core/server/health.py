"""Whether this process answers, for whoever restarts it when it doesn't."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def health_route() -> Route:
    """`/healthz`: no database and no provider, so that their trouble restarts nothing."""
    return Route("/healthz", _answer)


async def _answer(_request: Request) -> Response:
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
