import anyio
import pytest
import streamlit as st
from streamlit import config

from core.errors import OpenDemo
from core.server.lifespan import lifespan
from core.settings import CHECKOUT, load_settings
from core.ui.photo_source import PhotoRoute


class FakeApp:
    def __init__(self) -> None:
        self.steps: list[str] = []

    def start_worker(self) -> None:
        self.steps.append("worker")

    def begin_to_end(self) -> None:
        self.steps.append("nothing new")

    def finish_answers(self) -> None:
        self.steps.append("answers finished")

    def close(self) -> None:
        self.steps.append("closed")


def live(app: FakeApp, environment: dict[str, str]) -> bool:
    """Start and end a server; whether portraits had their address meanwhile."""

    def build() -> FakeApp:
        app.steps.append("built")
        return app

    async def start_and_end() -> bool:
        server = st.App(CHECKOUT / "Home.py")
        async with lifespan(load_settings(environment), build, warm=lambda: app.steps.append("warm"))(server):
            return PhotoRoute.is_served

    return anyio.run(start_and_end)


def test_the_app_is_built_before_the_worker_starts_and_closed_at_the_end() -> None:
    app = FakeApp()

    live(app, {})

    assert app.steps == ["built", "warm", "worker", "closed"]


def test_portraits_have_their_address_while_the_server_lives() -> None:
    assert live(FakeApp(), {}) is True
    assert PhotoRoute.is_served is False


def test_no_worker_starts_where_it_is_a_process_of_its_own() -> None:
    app = FakeApp()

    live(app, {"RUN_WORKER_IN_APP": "false"})

    assert "worker" not in app.steps


def test_an_open_demo_ends_before_anything_is_built() -> None:
    app = FakeApp()
    config.set_option("server.address", None)

    with pytest.raises(OpenDemo):
        live(app, {"OPENAI_API_KEY": "sk-made-up"})

    assert app.steps == []
