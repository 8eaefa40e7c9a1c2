"""The addresses below /sign-in and /sign-out."""

from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute

from core.accounts.sign_in import OIDC_CALLBACK, SignIn
from core.server.new_password import send_mail, set_password, show_forgotten, show_new_password
from core.server.sign_in_form import by_password, show
from core.server.sign_in_oidc import from_provider, to_provider
from core.server.sign_out import show_sign_out, sign_out, sign_out_everywhere
from core.server.visits import Desk, Handle, route
from core.web_values import Network

ANSWERS: tuple[tuple[str, str, Handle], ...] = (
    ("GET", "/sign-in", show),
    ("POST", "/sign-in", by_password),
    ("GET", "/sign-in/oidc", to_provider),
    ("GET", OIDC_CALLBACK, from_provider),
    ("GET", "/sign-in/forgotten", show_forgotten),
    ("POST", "/sign-in/forgotten", send_mail),
    ("GET", "/sign-in/new-password", show_new_password),
    ("POST", "/sign-in/new-password", set_password),
    ("GET", "/sign-out", show_sign_out),
    ("POST", "/sign-out", sign_out),
    ("POST", "/sign-out/everywhere", sign_out_everywhere),
)


def sign_in_routes(ways: Callable[[], SignIn], trusted_proxies: Sequence[Network] = ()) -> list[BaseRoute]:
    desk = Desk(ways, trusted_proxies)
    return [route(path, method, handle, desk) for method, path, handle in ANSWERS]
