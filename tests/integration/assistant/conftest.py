"""A desk for each test, and after each the proof that nobody of the roster was named to the provider."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from core.db.engine import Database
from tests.cast import Cast
from tests.integration.assistant.desk import Desk, open_desk
from tests.integration.assistant.scripted import ScriptedStandIn


@pytest.fixture
def stand_in() -> ScriptedStandIn:
    return ScriptedStandIn()


@pytest.fixture
def desk(database: Database, owner: Connection, cast: Cast, stand_in: ScriptedStandIn) -> Iterator[Desk]:
    with open_desk(database, owner, cast, stand_in) as desk:
        yield desk
    stand_in.assert_nobody_named(owner)
