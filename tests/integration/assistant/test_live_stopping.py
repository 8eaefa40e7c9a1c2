"""Stop: at once from here, within a second from another process, and never without the money written down."""

import threading
import time
from collections.abc import Iterator
from typing import NoReturn

import pytest

from core.accounts.person import Person
from core.assistant import live, producer, saving
from core.assistant.live import LiveAnswers
from core.assistant.saving import SAVE_EVERY_S
from core.db.engine import Database
from core.demo.faults import Fault
from core.errors import DatabaseAway, NotSent, UnknownConversation
from tests.integration.assistant.desk import HELD, Desk, writing
from tests.integration.photos.studio import wait_until

AT_ONCE_S = 10
"""Long enough for a busy machine, and far less than the silence or the end that is waited for otherwise."""


@pytest.fixture
def patient(desk: Desk) -> Iterator[LiveAnswers]:
    """Another process."""
    with writing(desk.database, desk.address) as live:
        yield live


def test_a_stop_while_the_provider_is_silent_takes_effect_at_once_and_keeps_the_text(
    desk: Desk, patient: LiveAnswers
) -> None:
    desk.stand_in.faults.always(Fault.SILENT_HALFWAY)
    answer_id = desk.ask(live=patient)
    tail = patient.tail(desk.cast.mei, answer_id)
    shown = next(piece for piece in tail if piece)

    began = time.monotonic()
    patient.stop(desk.cast.mei, answer_id)
    shown += "".join(tail)
    took_s = time.monotonic() - began

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert took_s < AT_ONCE_S
    assert (message.state, message.note, message.error_code) == ("stopped", "Stopped by you.", None)
    assert message.text == shown
    assert (attempt.cost_source, attempt.error) == ("estimated", None)
    assert attempt.estimated_cost > 0


def test_a_stop_before_the_first_word_may_have_been_charged(desk: Desk, patient: LiveAnswers) -> None:
    desk.stand_in.faults.always(Fault.HANG_BILLED)
    answer_id = desk.ask(live=patient)
    wait_until(lambda: desk.stand_in.ledger.requests == 1)

    patient.stop(desk.cast.mei, answer_id)

    message, [attempt] = desk.ended(answer_id), desk.attempts(answer_id)
    assert (message.state, message.text) == ("stopped", "")
    assert (attempt.cost_source, attempt.estimated_cost) == ("possible", HELD)


def test_a_stop_between_two_tries_sends_nothing_more_and_is_free(
    desk: Desk, patient: LiveAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_waiting = threading.Event()

    def wait_long(_: NotSent) -> float:
        is_waiting.set()
        return 60

    monkeypatch.setattr(producer, "_retry_wait_s", wait_long)
    desk.stand_in.faults.always(Fault.RATE_LIMITED)
    answer_id = desk.ask(live=patient)
    assert is_waiting.wait(60)

    patient.stop(desk.cast.mei, answer_id)

    message, [attempt] = desk.ended(answer_id), desk.attempts(answer_id)
    assert (message.state, message.note) == ("stopped", "Stopped by you.")
    assert attempt.state == "released"
    assert desk.stand_in.ledger.requests == 1


def test_a_stop_from_another_process_takes_effect_within_a_second(
    desk: Desk, patient: LiveAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY_S", SAVE_EVERY_S)
    desk.stand_in.faults.always(Fault.SILENT_HALFWAY)
    answer_id = desk.ask(live=patient)
    wait_until(lambda: desk.message(answer_id).text != "")

    began = time.monotonic()
    desk.live.stop(desk.cast.mei, answer_id)

    assert desk.ended(answer_id).state == "stopped"
    assert time.monotonic() - began < AT_ONCE_S


def test_nobody_stops_what_somebody_else_asked_for(desk: Desk, patient: LiveAnswers) -> None:
    desk.stand_in.faults.always(Fault.SILENT_HALFWAY)
    answer_id = desk.ask(live=patient)

    with pytest.raises(UnknownConversation):
        patient.stop(desk.cast.siti, answer_id)

    assert desk.message(answer_id).state == "writing"


def test_closing_returns_at_once_when_nothing_is_written(desk: Desk) -> None:
    desk.ended(desk.ask())
    wait_until(lambda: desk.live.running == 0)
    began = time.monotonic()

    desk.live.close()

    assert time.monotonic() - began < AT_ONCE_S


def test_closing_lets_an_answer_finish(desk: Desk, patient: LiveAnswers) -> None:
    desk.stand_in.pieces = [f"{number} " for number in range(20)]
    desk.stand_in.faults.always(Fault.SLOW_DRIP)
    answer_id = desk.ask(live=patient)

    patient.close()

    assert desk.message(answer_id).state == "done"


def test_closing_cuts_off_what_does_not_finish_and_keeps_its_text(desk: Desk, patient: LiveAnswers) -> None:
    desk.stand_in.faults.always(Fault.SILENT_HALFWAY)
    answer_id = desk.ask(live=patient)
    next(piece for piece in patient.tail(desk.cast.mei, answer_id) if piece)
    began = time.monotonic()

    patient.close(let_finish_s=0.3)

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert 0.3 <= time.monotonic() - began < AT_ONCE_S
    assert (message.state, message.error_code) == ("cut_off", "closing")
    assert message.note == "Cut off because Staffroom was restarted."
    assert message.text
    assert (attempt.cost_source, attempt.error) == ("estimated", "closing")


def test_closing_does_not_wait_for_ever_for_a_database_that_is_away(
    desk: Desk, patient: LiveAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LAST_WORDS_S", 0.3)
    desk.stand_in.faults.always(Fault.SILENT_HALFWAY)
    answer_id = desk.ask(live=patient)
    next(piece for piece in patient.tail(desk.cast.mei, answer_id) if piece)

    def away(_self: Database, _person: Person) -> NoReturn:
        raise DatabaseAway

    with monkeypatch.context() as while_away:
        while_away.setattr(Database, "as_person", away)
        began = time.monotonic()
        patient.close(let_finish_s=0)
        patient.close()

        assert time.monotonic() - began < AT_ONCE_S
        assert patient.running == 0
    # Whoever looks after answers marks it once its heartbeat is old.
    assert desk.message(answer_id).state == "writing"


def test_what_is_asked_while_everything_closes_is_not_sent(desk: Desk, patient: LiveAnswers) -> None:
    patient.close()

    message = desk.ended(answer_id := desk.ask(live=patient))

    [attempt] = desk.attempts(answer_id)
    assert (message.state, attempt.state) == ("cut_off", "released")
    assert desk.stand_in.ledger.requests == 0


def test_an_answer_that_ended_leaves_no_thread_behind(desk: Desk) -> None:
    for _ in range(3):
        desk.ended(desk.ask())

    wait_until(lambda: not threads() and desk.live.running == 0)


def threads() -> list[str]:
    return [
        thread.name for thread in threading.enumerate() if thread.name in {"answer", "answer-saver", "chat-request"}
    ]
