"""What `staffroom serve` does."""

import streamlit as st

from core.server.app import app_options
from core.server.exposure import refuse_open_demo
from core.server.streamlit_options import checkout_options
from core.settings import CHECKOUT, Settings


def serve(settings: Settings) -> None:
    """Serve the pages until a signal ends the process; raises OpenDemo before anything listens."""
    refuse_open_demo(settings, settings.host)
    app = st.App(CHECKOUT / "Home.py", **app_options(settings, may_be_framed=False))
    app.run(config={**checkout_options(), "server.address": settings.host, "server.port": settings.port})
