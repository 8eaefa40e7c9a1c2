"""A stand-in of Supabase's database, and a project in it."""

from collections.abc import Iterator

import pytest

from core.db.migrations import migrate
from tests.production.hosted.server import HostedServer, Project, hosted_server
from tests.production.programs import Programs, leashed_programs


@pytest.fixture(scope="session")
def programs() -> Iterator[Programs]:
    with leashed_programs() as programs:
        yield programs


@pytest.fixture(scope="session")
def hosted(programs: Programs) -> Iterator[HostedServer]:
    with hosted_server(programs) as server:
        yield server


@pytest.fixture(scope="session")
def migrated(hosted: HostedServer) -> Project:
    """From after 2026-10-30, by our command alone."""
    project = hosted.project(since_2026_10_30=True)
    migrate(project.address())
    return project
