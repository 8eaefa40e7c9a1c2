"""Pages over a small demo school of the test's own, in a real database."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from core import bootstrap
from core.accounts.person import Person, Role
from core.bootstrap import App
from core.settings import CHECKOUT, load_settings
from tests.cast import enrol, found_school, hire, open_class
from tests.integration.assistant.proof import nobody_named
from tests.postgres import Addresses

__all__ = ["nobody_named"]

Open = Callable[..., AppTest]
"""Opens a page by its file, with what the address bar holds."""


@dataclass(frozen=True)
class Demo:
    """The people that a visitor may be; Ana is in Mei's class, Arjun's is empty."""

    mei: Person
    arjun: Person
    siti: Person
    integrity: UUID
    courage: UUID
    ana: UUID


@pytest.fixture(scope="session", autouse=True)
def _packages_read_once() -> Iterator[None]:
    """Each page that opens looks for components in all that is installed: two thirds of what a test of a page takes."""
    with pytest.MonkeyPatch.context() as once:
        once.setattr(
            manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture
def demo(owner: Connection) -> Demo:
    school = found_school(owner, "Demo Primary", kind="demo")
    mei, arjun = hire(owner, school, "Mei Tan"), hire(owner, school, "Arjun Nair")
    siti = hire(owner, school, "Siti Rahim", Role.ADMIN)
    integrity, courage = open_class(owner, mei, "P5 Integrity"), open_class(owner, arjun, "P4 Courage")
    return Demo(mei, arjun, siti, integrity, courage, enrol(owner, integrity, "Ana Lim"))


@pytest.fixture
def environment() -> dict[str, str]:
    """What the app's settings are read from; empty means a demo without a key."""
    return {}


@pytest.fixture
def app(
    addresses: Addresses, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[App]:
    """The app that pages find, over the test's own database and folder, and without a worker."""
    own = {"DATABASE_URL": addresses.app, "STAFFROOM_DATA_DIR": str(tmp_path)}
    app = bootstrap.build_app(load_settings({**own, **environment}))
    monkeypatch.setattr(bootstrap, "_current", [app])
    yield app
    app.close()


@pytest.fixture
def open_page(app: App, demo: Demo) -> Open:  # noqa: ARG001 -- pages find both by themselves
    def open_page(file: str = "Home.py", **query: str) -> AppTest:
        # Links name pages by their path from Home, so every visit starts there.
        page = AppTest.from_file(str(CHECKOUT / "Home.py"), default_timeout=60)
        for name, value in query.items():
            page.query_params[name] = value
        if file != "Home.py":
            page.switch_page(file)
        return page.run()

    return open_page
