"""From the start of the server to its end: warm up, build the app, run the worker, close."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import structlog
from anyio import to_thread
from streamlit import config
from streamlit.starlette import App as StreamlitApp

from core.server.ending import Ending
from core.server.exposure import refuse_open_demo
from core.server.warm_up import warm_up
from core.settings import Mode, Settings
from core.ui.photo_source import PhotoRoute

Lifespan = Callable[[StreamlitApp], AbstractAsyncContextManager[None]]


class RunningApp(Protocol):
    """What the server needs of the app that bootstrap builds."""

    def start_worker(self) -> None:
        """Make portraits in a thread of this process until close()."""

    def begin_to_end(self) -> None:
        """Begin nothing new."""

    def finish_answers(self) -> None:
        """Wait until what is being written is finished, or saved and marked."""

    def close(self) -> None:
        """End the worker after the call in flight, and let go of the database."""


def lifespan(
    settings: Settings,
    build: Callable[[], RunningApp],
    *,
    warm: Callable[[], None] = warm_up,
    ending: Ending | None = None,
) -> Lifespan:
    """A server's life round the app that `build` returns."""
    end = ending or Ending(has_worker=settings.run_worker_in_app)

    @asynccontextmanager
    async def live(_server: StreamlitApp) -> AsyncIterator[None]:
        # `streamlit run` decides the address itself, so it is asked for where both starts pass.
        refuse_open_demo(settings, config.get_option("server.address"))
        app = await to_thread.run_sync(build)
        await to_thread.run_sync(warm)
        if settings.run_worker_in_app:
            app.start_worker()
        PhotoRoute.is_served = True
        _say_ready(settings)
        try:
            with end.heard(app):
                yield
        finally:
            PhotoRoute.is_served = False
            await to_thread.run_sync(app.close)

    return live


def _say_ready(settings: Settings) -> None:
    """To the person who tries it; at a school's server to the log, where each line is of one kind."""
    if settings.mode is Mode.PRODUCTION:
        structlog.get_logger().info("ready", address=_address())
    else:
        sys.stderr.write(f"Staffroom is ready: {_address()}\n")


def _address() -> str:
    host = config.get_option("server.address") or "localhost"
    return f"http://{host}:{config.get_option('server.port')}"
