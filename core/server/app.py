"""What turns Home.py into the one server: routes, headers, life and last resort."""

import sys
from collections.abc import Callable, Collection
from typing import TypedDict
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from core.bootstrap import current_app
from core.errors import SettingsError
from core.photos.service import Photos
from core.server.closed import ClosedAddresses
from core.server.ending import Ending
from core.server.headers import SecurityHeaders, security_headers
from core.server.health import health_route
from core.server.hosts import AllowedHosts
from core.server.lifespan import Lifespan, RunningApp, lifespan
from core.server.logs import set_up_server_logs
from core.server.only_signed_in import OnlySignedIn
from core.server.photo_route import by_its_id, by_session, photo_route
from core.server.readiness import Readiness, checks_of, readiness_route
from core.server.request_log import RequestLog
from core.server.sign_in import sign_in_routes
from core.server.streamlit_options import checkout_options, pin_options
from core.settings import Mode, Settings, load_settings, require_sign_in
from core.ui.boundary import show_uncaught
from core.web_values import LOOPBACK_HOSTS


class AppOptions(TypedDict):
    """The keyword arguments of st.App that we use."""

    lifespan: Lifespan
    routes: list[BaseRoute]
    middleware: list[Middleware]
    on_script_error: Callable[[Exception], bool]


def hosted_options() -> AppOptions:
    """For `streamlit run Home.py`, which has read its own options by now; a host may show a demo in a frame.

    Exits with a sentence where a variable is wrong, and in production: there it would listen wherever Streamlit's own
    options say, with none of ours looked at.
    """
    pin_options(checkout_options())
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(str(error))
    if settings.mode is Mode.PRODUCTION:
        sys.exit("STAFFROOM_MODE says production: start Staffroom with `staffroom serve`; this start is for a demo.")
    return app_options(settings, may_be_framed=True)


def app_options(
    settings: Settings, *, may_be_framed: bool, build: Callable[[], RunningApp] = current_app
) -> AppOptions:
    """Nothing is built until the server starts; raises SettingsError where production lacks a way to sign in."""
    require_sign_in(settings)
    set_up_server_logs(settings.log_level)
    ending = Ending(has_worker=settings.run_worker_in_app)
    routes = _routes(settings, ending)
    headers = security_headers(may_be_framed=may_be_framed, photo_hosts=_photo_hosts(settings))
    return {
        "lifespan": lifespan(settings, build, ending=ending),
        "routes": routes,
        "middleware": [
            Middleware(RequestLog, routes=routes, trusted=settings.trusted_proxies),
            Middleware(SecurityHeaders, headers=headers),
            *_hosts(settings),
            Middleware(ClosedAddresses, prefixes=_closed(settings)),
            *_sessions(settings),
        ],
        "on_script_error": show_uncaught,
    }


def _closed(settings: Settings) -> tuple[str, ...]:
    closed = ("/_stcore/metrics", "/_stcore/agent")
    return closed if settings.mode is Mode.PRODUCTION else (*closed, "/readyz")


def _routes(settings: Settings, ending: Ending) -> list[BaseRoute]:
    if settings.mode is not Mode.PRODUCTION:
        return [health_route(), photo_route(by_its_id(_photos), _Store())]
    return [
        health_route(),
        readiness_route(Readiness(lambda: checks_of(current_app())), is_ending=lambda: ending.has_begun),
        photo_route(by_session(lambda: current_app().sessions, _photos), _Store()),
        *sign_in_routes(lambda: current_app().sign_in, settings.trusted_proxies),
    ]


def _photo_hosts(settings: Settings) -> list[str]:
    """Where browsers are sent for the photos' files, besides this server."""
    project = urlsplit(settings.supabase_url or "")
    return [f"{project.scheme}://{project.netloc}"] if settings.keeps_photos_in_supabase else []


def _hosts(settings: Settings) -> list[Middleware]:
    """A demo answers under any name, as a host of demos gives it one."""
    if settings.mode is not Mode.PRODUCTION:
        return []
    own = urlsplit(settings.public_url).hostname or ""
    return [Middleware(AllowedHosts, names=settings.allowed_hosts or {own, *LOOPBACK_HOSTS})]


def _sessions(settings: Settings) -> list[Middleware]:
    if settings.mode is not Mode.PRODUCTION:
        return []
    return [Middleware(OnlySignedIn, sessions=lambda: current_app().sessions)]


def _photos() -> Photos:
    return current_app().photos


class _Store:
    """The app's, which is built when the server starts."""

    def link(self, key: str, beside: Callable[[], Collection[str]]) -> str | None:
        return current_app().links.link(key, beside)

    def read(self, key: str) -> bytes:
        return current_app().storage.get(key)
