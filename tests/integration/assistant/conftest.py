"""A desk for each test, and after each the proof that nobody of the roster was named to the provider."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from core.assistant import producer, recording, saving, tail
from core.db.engine import Database
from tests.cast import Cast
from tests.emptied_database import EmptiedDatabase, emptied_database
from tests.integration.assistant.desk import Desk, open_desk
from tests.integration.assistant.scripted import ScriptedStandIn
from tests.postgres import Addresses, running_server, versions


@pytest.fixture(scope="session")
def shared() -> Iterator[EmptiedDatabase]:
    with emptied_database(running_server(versions()[0])) as shared:
        yield shared


@pytest.fixture
def addresses(shared: EmptiedDatabase) -> Iterator[Addresses]:
    yield shared.addresses
    shared.empty()


@pytest.fixture
def database(addresses: Addresses, shared: EmptiedDatabase) -> Database:  # noqa: ARG001 - emptied after the test
    return shared.database


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes part of a second for people takes a tenth of it here."""
    monkeypatch.setattr(saving, "SAVE_EVERY_S", 0.1)
    monkeypatch.setattr(producer, "RETRY_WAIT_S", 0.1)
    monkeypatch.setattr(recording, "FIRST_S", (0.02, 0.1, 0.2, 0.5))
    monkeypatch.setattr(recording, "THEN_EVERY_S", 0.2)
    monkeypatch.setattr(tail, "LOOK_EVERY_S", 0.1)


@pytest.fixture
def stand_in() -> ScriptedStandIn:
    return ScriptedStandIn()


@pytest.fixture
def desk(database: Database, owner: Connection, cast: Cast, stand_in: ScriptedStandIn) -> Iterator[Desk]:
    with open_desk(database, owner, cast, stand_in) as desk:
        yield desk
    stand_in.assert_nobody_named(owner)
