"""Runs what is marked so on every version of the embedded server, all else on the newest."""

import pytest

from tests.postgres import versions


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" not in metafunc.fixturenames:
        return
    is_for_all = metafunc.definition.get_closest_marker("every_version")
    chosen = versions() if is_for_all else versions()[:1]
    metafunc.parametrize("server", chosen, indirect=True, ids=[f"postgres{version or ''}" for version in chosen])
