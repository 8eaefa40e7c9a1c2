"""Postgres itself stops in the middle of an answer."""

from uuid import UUID

import pytest

from core.assistant import answer_rows
from core.assistant.tail import Glimpse
from core.db.embedded import EmbeddedPostgres
from core.demo.faults import Fault
from core.demo.pauses import Timing
from tests.integration.assistant.desk import Desk, writing
from tests.integration.own_server import addresses, database, own_server

__all__ = ["addresses", "database", "own_server"]

pytestmark = pytest.mark.processes

PIECES = [f"word{number} " for number in range(30)]


def test_an_answer_is_written_to_its_end_while_the_database_starts_again(
    desk: Desk, own_server: EmbeddedPostgres
) -> None:
    desk.stand_in.pieces = PIECES
    desk.stand_in.faults.always(Fault.SLOW_DRIP)
    desk.stand_in.pace(Timing(chat_first_s=0, drip_s=0.05))
    with writing(desk.database, desk.address) as live:
        answer_id = desk.ask(live=live)
        tail = live.tail(desk.cast.mei, answer_id)
        shown = next(piece for piece in tail if piece)

        own_server.stop()
        shown += "".join(tail)

    assert shown == "".join(PIECES)
    assert seen(desk, answer_id) == Glimpse(shown, is_writing=False, seems_dead=False, error_code=None)
    assert ledger(desk, answer_id) == ["reported"]


def seen(desk: Desk, answer_id: UUID) -> Glimpse | None:
    """Read as its writer does, since the test's own connection ended with the server."""
    with desk.database.as_person(desk.cast.mei) as session:
        return answer_rows.glimpse(session, answer_id)


def ledger(desk: Desk, answer_id: UUID) -> list[str]:
    with desk.database.as_person(desk.cast.mei) as session:
        rows = session.connection().exec_driver_sql(
            "select cost_source from openai_usage where message_id = %s", (str(answer_id),)
        )
        return [row.cost_source for row in rows]
