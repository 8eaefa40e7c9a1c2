"""Runs the database's tests on every version of the embedded server."""

import pytest

from tests.postgres import versions


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" in metafunc.fixturenames:
        names = [f"postgres{version or ''}" for version in versions()]
        metafunc.parametrize("server", versions(), indirect=True, ids=names)
