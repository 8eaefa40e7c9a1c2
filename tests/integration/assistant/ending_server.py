"""A school's server as a process of its own, in which somebody asked a question; argument: the member's e-mail."""

import sys
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.bootstrap import App, current_app
from core.log import log_what_nobody_catches
from core.server.app import app_options
from core.server.serve import end_normally_on_sigterm
from core.server.streamlit_options import checkout_options
from core.settings import CHECKOUT, load_settings

LET_FINISH_S = 1.0


@dataclass(frozen=True)
class Hurried:
    """The app with less patience for answers, and a question as soon as it is there."""

    app: App
    email: str

    def start_worker(self) -> None:
        self.app.start_worker()
        self.app.assistant.ask(self.app.people.by_email(self.email), "How is Ana Lim doing?")

    def finish_answers(self) -> None:
        self.app.finish_answers(let_finish_s=LET_FINISH_S)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app, name)


def main() -> None:
    log_what_nobody_catches()
    settings = load_settings()
    options = app_options(settings, may_be_framed=False, build=lambda: Hurried(current_app(), sys.argv[1]))
    end_normally_on_sigterm()
    server = st.App(CHECKOUT / "Home.py", **options)
    server.run(config={**checkout_options(), "server.address": settings.host, "server.port": settings.port})


if __name__ == "__main__":
    main()
