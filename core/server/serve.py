"""What `staffroom serve` does."""

import contextlib
import signal
import sys
from types import FrameType

import streamlit as st

from core.bootstrap import current_app
from core.server.app import app_options
from core.server.exposure import refuse_open_demo
from core.server.streamlit_options import checkout_options
from core.settings import CHECKOUT, Settings, require_sign_in


def serve(settings: Settings) -> None:
    """Serve the pages until a signal ends the process; what stops the start is raised before anything listens."""
    refuse_open_demo(settings, settings.host)
    require_sign_in(settings)
    end_normally_on_sigterm()
    current_app()
    app = st.App(CHECKOUT / "Home.py", **app_options(settings, may_be_framed=False))
    with contextlib.suppress(KeyboardInterrupt):
        app.run(config={**checkout_options(), "server.address": settings.host, "server.port": settings.port})


def end_normally_on_sigterm() -> None:
    """Uvicorn sends itself the signal again once it has shut down; dying of it would skip every exit handler."""

    def end_normally(_signal: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, end_normally)
