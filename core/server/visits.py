"""One request to the pages of sign-in, and how it reaches what answers it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.accounts.person import Person
from core.accounts.sign_in import SignIn
from core.errors import AppError
from core.server.client_address import client_address
from core.server.own_forms import own_form
from core.server.session_cookie import session_token
from core.server.sign_in_templates import notice
from core.web_values import Network


@dataclass(frozen=True)
class Visit:
    """A request with its form read and its sender known; `ways` are the school's ways to sign in."""

    request: Request
    form: dict[str, str]
    address: str
    ways: SignIn

    def asked(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    @property
    def token(self) -> str | None:
        return session_token(self.request)

    @property
    def person(self) -> Person | None:
        return None if self.token is None else self.ways.sessions.person(self.token)

    @property
    def user_agent(self) -> str:
        return self.request.headers.get("user-agent", "")

    @property
    def is_https(self) -> bool:
        return self.ways.public_url.startswith("https://")


Handle = Callable[[Visit], Response]
AT_ONCE = 32


@dataclass(frozen=True)
class Desk:
    """Where visits are received; `ways` is asked at each, since nothing is built before the server starts.

    A provider may take seconds to answer, so that visitors wait in threads of their own, and pictures don't.
    """

    ways: Callable[[], SignIn]
    trusted: Sequence[Network]
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))


def route(path: str, method: str, handle: Handle, desk: Desk) -> Route:

    async def serve(request: Request) -> Response:
        try:
            ways = desk.ways()
            form = await own_form(request, ways.public_url) if method == "POST" else {}
            visit = Visit(request, form, client_address(request, desk.trusted), ways)
            return await to_thread.run_sync(handle, visit, limiter=desk.threads)
        except AppError as error:
            note(error)
            return notice("Sign in", wrong=error, link="/sign-in", link_text="Start again")

    return Route(path, serve, methods=[method])


def note(error: AppError) -> None:
    structlog.get_logger().info("sign_in_refused", code=error.code)
