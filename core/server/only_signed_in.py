"""Leads whoever is not signed in from a page's address to sign-in, and keeps files of pages to whoever is."""

from collections.abc import Callable
from urllib.parse import urlencode

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.accounts.sessions import SESSION_COOKIE, Sessions
from core.errors import DatabaseAway

# What pages hold as bytes; Streamlit serves it to whoever knows the address.
FILES = ("/media/", "/_stcore/upload_file")
OPEN = (
    "/sign-in",
    "/sign-out",
    "/static/",
    "/app/static/",
    "/_stcore/",
    "/healthz",
    "/readyz",
    "/favicon",
    "/component/",
)


class OnlySignedIn:
    """A page asks again at each run; this only spares a visitor an empty one."""

    def __init__(self, app: ASGIApp, sessions: Callable[[], Sessions]) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_closed(scope) or await self._is_signed_in(scope):
            await self._app(scope, receive, send)
        elif scope["path"].startswith(FILES):
            await PlainTextResponse("Sign in first", status_code=401)(scope, receive, send)
        else:
            await RedirectResponse(_sign_in(scope), 303, {"Cache-Control": "no-store"})(scope, receive, send)

    async def _is_signed_in(self, scope: Scope) -> bool:
        # Read as the pages do: other programs under this name may have cookies that not everybody can read.
        token = HTTPConnection(scope).cookies.get(SESSION_COOKIE)
        if token is None:
            return False
        try:
            return await to_thread.run_sync(lambda: self._sessions().person(token, is_seen=False)) is not None
        except DatabaseAway:
            # The page says so itself, and shows nothing else.
            return not scope["path"].startswith(FILES)


def _is_closed(scope: Scope) -> bool:
    if scope["path"].startswith(FILES):
        return True
    wants_page = "text/html" in Headers(scope=scope).get("accept", "")
    return scope["method"] == "GET" and wants_page and not scope["path"].startswith(OPEN)


def _sign_in(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"/sign-in?{urlencode({'next': scope['path'] + (f'?{query}' if query else '')})}"
