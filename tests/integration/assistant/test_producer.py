"""What an answer survives, and what its writer hears of that which it does not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from core.assistant import answer_rows, producer, saving
from core.assistant.live import LiveAnswers
from core.assistant.outgoing import Outgoing
from core.assistant.tokens import Token, Tokens
from core.clients.openai_chat import ChatMessage, ChatRequest
from core.db.engine import Claimant, Database
from core.demo.faults import Fault
from core.demo.pauses import Timing
from core.errors import DatabaseAway, NotSent
from tests.integration.assistant.desk import MODEL, Desk, writing
from tests.integration.photos.studio import wait_until
from tests.postgres import Addresses, database_at

QUESTION = ChatRequest(model=MODEL, messages=(ChatMessage("user", "How is STUDENT_1 doing?"),), max_tokens=2000)


class Stumbling(Database):
    """Away whenever it is told to be, or broken in a way that nobody thought of."""

    error: Exception | None = None
    refused: int = 0

    def __init__(self, real: Database) -> None:
        self._real = real

    @contextmanager
    def as_person(self, person: Claimant) -> Iterator[Session]:
        if self.error is not None:
            self.refused += 1
            raise self.error
        with self._real.as_person(person) as session:
            yield session


class Cracked(Tokens):
    """A fault of our own: it breaks at the first token that is looked up."""

    def named(self, name: str) -> Token | None:
        raise RuntimeError(f"broken at {name} Ana Lim")


@pytest.fixture
def stumbling(addresses: Addresses) -> Iterator[Stumbling]:
    with database_at(addresses) as real:
        yield Stumbling(real)


@pytest.fixture
def unsteady(desk: Desk, stumbling: Stumbling) -> Iterator[LiveAnswers]:
    """A process whose database stumbles, with an answer of two seconds."""
    desk.stand_in.pieces = [f"word{number} " for number in range(40)]
    desk.stand_in.faults.always(Fault.SLOW_DRIP)
    desk.stand_in.pace(Timing(chat_first_s=0, drip_s=0.05))
    with writing(stumbling, desk.address) as live:
        yield live


@pytest.mark.parametrize("error", [DatabaseAway(), RuntimeError("nobody thought of this")])
def test_an_answer_goes_on_while_it_can_not_be_saved(
    desk: Desk, unsteady: LiveAnswers, stumbling: Stumbling, error: Exception
) -> None:
    answer_id = desk.ask(live=unsteady)
    tail = unsteady.tail(desk.cast.mei, answer_id)
    shown = next(piece for piece in tail if piece)

    stumbling.error = error
    while not stumbling.refused:
        shown += next(tail)
    stumbling.error = None
    shown += "".join(tail)

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert (message.state, attempt.cost_source) == ("done", "reported")
    assert message.text == shown == "".join(desk.stand_in.pieces)


def test_the_end_is_recorded_as_soon_as_the_database_is_back(
    desk: Desk, unsteady: LiveAnswers, stumbling: Stumbling
) -> None:
    answer_id = desk.ask(live=unsteady)
    stumbling.error = DatabaseAway()
    tail = unsteady.tail(desk.cast.mei, answer_id)
    shown = next(piece for piece in tail if piece)
    while not shown.endswith("word39 "):
        shown += next(tail)
    said_at_the_end = stumbling.refused

    while stumbling.refused < said_at_the_end + 3:
        assert next(tail) == ""
    assert desk.message(answer_id).state == "writing"
    stumbling.error = None
    assert "".join(tail) == ""

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert (message.state, message.text) == ("done", shown)
    assert attempt.cost_source == "reported"


def test_an_answer_that_was_taken_for_lost_meanwhile_is_there_in_the_end(desk: Desk, unsteady: LiveAnswers) -> None:
    answer_id = desk.ask(live=unsteady)
    wait_until(lambda: desk.message(answer_id).text != "")

    # In one transaction, or its next save would show that it lives.
    desk.run(
        f"do $$ begin update chat_messages set heartbeat_at = now() - interval '20 seconds' where id = '{answer_id}';"
        " perform private.cut_off_answers(); end $$"
    )
    lost, [possible] = desk.message(answer_id), desk.attempts(answer_id)
    shown = desk.shown(answer_id, live=unsteady)

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert (lost.state, possible.cost_source) == ("cut_off", "possible")
    assert (message.state, message.text) == ("done", shown)
    assert shown.endswith("word39 ")
    assert attempt.cost_source == "reported"


def test_a_fault_of_our_own_ends_the_answer_with_its_text_and_a_sentence(desk: Desk) -> None:
    desk.stand_in.pieces = ["So far ", "so good, ", "STUDENT_1 ", "works."]
    answer_id = desk.reserve()

    with capture_logs() as logs:
        desk.live.start(desk.cast.mei, answer_id, Outgoing(QUESTION, Cracked(desk.tokens()), {}))
        desk.shown(answer_id)

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert (message.state, message.error_code, message.text) == ("failed", "error", "So far so good,")
    assert message.note == "Something went wrong here. It may have been charged; you decide what next."
    assert (attempt.state, attempt.cost_source, attempt.error) == ("settled", "estimated", "error")
    assert [(entry["log_level"], entry["answer"], entry["error"]) for entry in logs] == [
        ("error", str(answer_id), "RuntimeError")
    ]
    assert "Ana" not in str(logs)


def test_an_end_that_can_not_be_recorded_ends_the_tail_and_leaves_no_thread(
    desk: Desk, unsteady: LiveAnswers, stumbling: Stumbling
) -> None:
    answer_id = desk.ask(live=unsteady)
    tail = unsteady.tail(desk.cast.mei, answer_id)
    next(piece for piece in tail if piece)

    with capture_logs() as logs:
        stumbling.error = RuntimeError("nobody thought of this")
        list(tail)
        wait_until(lambda: unsteady.running == 0)

    assert any(entry["event"] == "the end of an answer was not recorded" for entry in logs)
    assert desk.message(answer_id).state == "writing"


def test_closing_does_not_wait_minutes_for_a_database_that_is_away(
    desk: Desk, unsteady: LiveAnswers, stumbling: Stumbling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.assistant.live.LAST_WORDS_S", 0.5)
    answer_id = desk.ask(live=unsteady)
    next(piece for piece in unsteady.tail(desk.cast.mei, answer_id) if piece)
    stumbling.error = DatabaseAway()

    unsteady.close(let_finish_s=0)

    assert unsteady.running == 0
    assert desk.message(answer_id).state == "writing"


def test_nothing_is_sent_again_for_an_answer_that_was_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    is_forgotten = threading.Event()

    def wait_until_forgotten(_: NotSent) -> float:
        is_forgotten.wait(60)
        return 0

    monkeypatch.setattr(producer, "_retry_wait_s", wait_until_forgotten)
    # No save tells it first.
    monkeypatch.setattr(saving, "SAVE_EVERY_S", 60)
    desk.stand_in.faults.always(Fault.RATE_LIMITED)
    answer_id = desk.ask()
    wait_until(lambda: desk.stand_in.ledger.requests == 1)

    desk.forget(answer_id)
    is_forgotten.set()
    wait_until(lambda: desk.live.running == 0)

    assert [attempt.state for attempt in desk.attempts(answer_id)] == ["released"]
    assert desk.stand_in.ledger.requests == 1


def test_a_fault_of_our_own_before_anything_was_sent_is_free(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError

    monkeypatch.setattr(answer_rows, "try_again", broken)
    desk.stand_in.faults.always(Fault.RATE_LIMITED)

    message = desk.ended(answer_id := desk.ask())

    assert (message.state, message.note) == ("failed", "Something went wrong. Try again.")
    assert [attempt.state for attempt in desk.attempts(answer_id)] == ["released"]


@pytest.mark.parametrize(
    ("fault", "states"), [(None, ["settled"]), (Fault.RATE_LIMITED, ["released"])], ids=["answered", "never sent"]
)
def test_what_was_begun_for_somebody_who_left_meanwhile_is_settled_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: Fault | None, states: list[str]
) -> None:
    monkeypatch.setattr(producer, "RETRY_WAIT_S", 0.0)
    if fault is not None:
        desk.stand_in.faults.always(fault)
    answer_id = desk.reserve()

    desk.run("update staff set active = false where id = :mei", mei=desk.cast.mei.staff_id)
    desk.live.start(desk.cast.mei, answer_id, Outgoing(QUESTION, desk.tokens(), {}))
    wait_until(lambda: desk.live.running == 0)

    assert [attempt.state for attempt in desk.attempts(answer_id)] == states
    assert desk.message(answer_id).state != "writing"
    assert desk.stand_in.ledger.requests == 1


def test_an_answer_longer_than_a_row_holds_is_kept_as_far_as_it_goes(desk: Desk) -> None:
    desk.stand_in.pieces = ["long " * 10_000] * 3
    answer_id = desk.ask()

    shown = desk.shown(answer_id)

    message = desk.message(answer_id)
    assert message.state == "done"
    assert len(message.text) == 100_000
    assert shown.startswith(message.text)
