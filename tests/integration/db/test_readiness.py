import pytest

from core.db.readiness import require_queue, require_reachable
from core.errors import DatabaseAway
from tests.postgres import Addresses, Server

NOWHERE = "postgresql://staffroom_app@127.0.0.1:9/school"


def test_a_migrated_database_is_ready_with_and_without_the_worker_s_login(addresses: Addresses) -> None:
    require_reachable(addresses.app)
    require_queue(addresses.app, None)
    require_queue(addresses.app, addresses.worker)


def test_a_database_without_the_queue_is_not_ready(server: Server) -> None:
    with server.empty_database() as addresses:
        with pytest.raises(DatabaseAway):
            require_queue(addresses.app, None)
        with pytest.raises(DatabaseAway):
            require_queue(addresses.app, addresses.worker)


def test_a_database_that_is_away_is_not_ready() -> None:
    with pytest.raises(DatabaseAway):
        require_reachable(NOWHERE)
