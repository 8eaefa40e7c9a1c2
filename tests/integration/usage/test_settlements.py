"""Calls that fail in many ways, processes that die in the middle, and every settlement told three times."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from core.demo.faults import Fault
from core.jobs import worker
from core.usage.ledger import release
from tests.cast import found_schools
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.integration.photos.studio import Studio
from tests.integration.usage.ledgers import Books
from tests.integration.usage.owners_statements import wrong_statements
from tests.integration.usage.settlement_books import wrong_settlements, wrong_sums
from tests.integration.usage.settlement_runs import Plan, running

# Those that take no time; bench/settlements.py has a thousand calls and the others.
SHORT = Plan(
    answers=20,
    portraits=8,
    of_a_class=6,
    kills=1,
    in_flight=3,
    chat_faults=(
        *(Fault.SERVER_ERROR, Fault.CUT_STREAM, Fault.BAD_REQUEST, Fault.DROP_BEFORE_HEADERS),
        *(Fault.MODERATION_BLOCKED, Fault.HTML_200),
    ),
    image_faults=(Fault.SERVER_ERROR, Fault.BAD_JSON, Fault.MODERATION_BLOCKED, Fault.RATE_LIMITED_RETRY_AFTER),
)


@pytest.fixture
def stand_in() -> NotingStandIn:
    return NotingStandIn()


def test_whatever_becomes_of_calls_the_books_agree_and_nothing_stays_held(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "CARE_S", 0.2)

    def fall_silent() -> None:
        studio.run("update chat_messages set heartbeat_at = heartbeat_at - interval '20 s' where state = 'writing'")

    with running(studio, SHORT) as run:
        run.all_of_it(after_a_kill=fall_silent)

        assert len(run.asked) == SHORT.calls == 40
        assert run.database.told_again >= 2 * (SHORT.calls - SHORT.in_flight)
        assert wrong_settlements(studio.owner, run.asked, run.bills) == []
        assert wrong_sums(studio.owner, studio.database, studio.cast.siti) == []
        assert wrong_statements(studio.owner, studio.cast.siti) == []


def test_a_release_that_is_told_again_is_heard_once(scratch: Connection) -> None:
    books = Books(scratch, found_schools(scratch))
    usage_id = books.called(state="reserved", cost_source=None, cost=None)

    with Session(scratch) as session:
        for _ in range(3):
            release(session, usage_id)

    assert scratch.scalar(text("select state from openai_usage")) == "released"


def test_a_release_that_comes_late_leaves_what_was_settled(scratch: Connection) -> None:
    books = Books(scratch, found_schools(scratch))
    usage_id = books.called()

    with Session(scratch) as session:
        release(session, usage_id)

    assert scratch.scalar(text("select state from openai_usage")) == "settled"
