"""What each fault of a provider leaves: a state with a sentence, the text that came, and one row for each attempt."""

import time
from decimal import Decimal

import pytest

from core.clients.openai_chat import Patience
from core.demo.faults import Fault
from tests.integration.assistant.desk import HELD, Desk
from tests.integration.photos.studio import wait_until

FREE = Decimal(0)
SILENCE_S, LONGEST_S = Patience().silence_s, Patience().deadline_s


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        (Fault.UNAUTHORIZED, "key_rejected", "OpenAI did not accept the key."),
        (Fault.FORBIDDEN, "key_rejected", "OpenAI did not accept the key."),
        (Fault.BAD_REQUEST, "request_refused", "OpenAI refused the request. Nothing was paid;"),
        (Fault.MODEL_RETIRED, "model_retired", "The model gpt-6-luna has been retired."),
        (Fault.INSUFFICIENT_QUOTA, "insufficient_quota", "The OpenAI account has no credit left. Nothing was paid;"),
    ],
)
def test_a_definite_no_costs_nothing_and_is_not_asked_again(desk: Desk, fault: Fault, code: str, sentence: str) -> None:
    desk.stand_in.faults.always(fault)

    message = desk.ended(answer_id := desk.ask())

    [attempt] = desk.attempts(answer_id)
    assert (message.state, message.error_code, message.text) == ("failed", code, "")
    assert message.note.startswith(sentence)
    assert (attempt.state, attempt.cost_source, attempt.estimated_cost) == ("settled", "reported", FREE)
    assert attempt.error == code
    assert desk.stand_in.ledger.requests == 1


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault.SERVER_ERROR, Fault.UNAVAILABLE, Fault.HTML_200, Fault.DROP_BEFORE_HEADERS),
        *(Fault.HANG_UNBILLED, Fault.HANG_BILLED, Fault.PINGS_ONLY),
    ],
)
def test_without_a_word_what_was_held_may_have_been_charged(desk: Desk, fault: Fault) -> None:
    desk.stand_in.faults.always(fault)
    answer_id = desk.ask()
    wait_until(lambda: desk.stand_in.ledger.requests == 1)
    if fault in (Fault.HANG_UNBILLED, Fault.HANG_BILLED, Fault.PINGS_ONLY):
        desk.clock.let_pass(SILENCE_S)

    message = desk.ended(answer_id)

    [attempt] = desk.attempts(answer_id)
    assert (message.state, message.error_code) == ("failed", "no_answer")
    assert message.note == "OpenAI did not answer in time. It may have been charged; you decide what next."
    assert (attempt.state, attempt.cost_source, attempt.estimated_cost) == ("settled", "possible", HELD)
    assert attempt.error == "no_answer"
    assert desk.stand_in.ledger.requests == 1


def test_what_may_have_been_charged_and_has_no_price_is_unpriced(desk: Desk) -> None:
    desk.stand_in.faults.always(Fault.SERVER_ERROR)

    desk.ended(answer_id := desk.ask(model="gpt-6.2-sol", held=None))

    [attempt] = desk.attempts(answer_id)
    assert (attempt.state, attempt.cost_source, attempt.estimated_cost) == ("settled", "unpriced", None)


@pytest.mark.parametrize(
    ("fault", "code", "note"),
    [
        (Fault.CUT_STREAM, "broken_off", "Cut off because the connection to OpenAI broke."),
        (Fault.BAD_JSON, "broken_off", "Cut off because the connection to OpenAI broke."),
        (Fault.ERROR_IN_CHUNK, "broken_off", "Cut off because the connection to OpenAI broke."),
        (Fault.DROP_AFTER_HEADERS, "broken_off", "Cut off because the connection to OpenAI broke."),
        (Fault.SILENT_HALFWAY, "silent", "Cut off after 20 s of silence."),
        (Fault.SLOW_DRIP, "out_of_time", "Cut off after 120 s, the longest that we wait."),
    ],
)
def test_what_came_before_a_break_is_kept_and_counted_by_us(desk: Desk, fault: Fault, code: str, note: str) -> None:
    desk.stand_in.faults.always(fault)
    desk.stand_in.pieces, desk.stand_in.breaks_after_words = [f"w{number} " for number in range(20)], 10
    tail = desk.live.tail(desk.cast.mei, answer_id := desk.ask())

    shown = ""
    for piece in tail:
        shown += piece
        if "w9" in shown:
            desk.clock.let_pass({Fault.SILENT_HALFWAY: SILENCE_S, Fault.SLOW_DRIP: LONGEST_S}.get(fault, 0))

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert (message.state, message.error_code, message.note) == ("cut_off", code, note)
    assert message.text == shown
    assert shown
    assert (attempt.state, attempt.cost_source, attempt.error) == ("settled", "estimated", code)
    assert attempt.estimated_cost > 0
    assert attempt.response_data["counted"]
    assert desk.stand_in.ledger.requests == 1


@pytest.mark.parametrize("words", [1, 10, 50])
@pytest.mark.parametrize("fault", [Fault.CUT_STREAM, Fault.DROP_AFTER_HEADERS, Fault.SILENT_HALFWAY])
def test_a_disconnect_leaves_one_row_with_an_estimated_cost(desk: Desk, fault: Fault, words: int) -> None:
    desk.stand_in.pieces = [f"w{number} " for number in range(words)] + ["never said"] * 20
    desk.stand_in.breaks_after_words = words
    desk.stand_in.faults.always(fault)

    answer_id = desk.ask("How is STUDENT_1 doing? " * 20)
    if fault is Fault.SILENT_HALFWAY:
        wait_until(lambda: desk.message(answer_id).text.endswith(f"w{words - 1}"))
        desk.clock.let_pass(SILENCE_S)
    desk.ended(answer_id)

    [attempt] = desk.attempts(answer_id)
    assert (attempt.state, attempt.cost_source) == ("settled", "estimated")
    assert 0 < attempt.estimated_cost < Decimal("0.001")
    # A reset connection may lose what was on its way.
    assert attempt.completion_tokens == 2 * words or (fault is Fault.DROP_AFTER_HEADERS and words > 1)


def test_a_refusal_says_what_to_do_and_is_paid_by_the_providers_count(desk: Desk) -> None:
    desk.stand_in.faults.always(Fault.MODERATION_BLOCKED)

    message = desk.ended(answer_id := desk.ask())

    [attempt] = desk.attempts(answer_id)
    assert (message.state, message.error_code, message.text) == ("refused", "moderation_blocked", "")
    assert message.note == "The safety filter refused this. Rephrase it."
    assert (attempt.cost_source, attempt.error) == ("reported", "moderation_blocked")
    assert attempt.estimated_cost > 0


def test_an_answer_without_a_word_says_what_to_do_and_is_paid_by_the_providers_count(desk: Desk) -> None:
    desk.stand_in.pieces = ["\n"]

    message = desk.ended(answer_id := desk.ask())

    [attempt] = desk.attempts(answer_id)
    assert (message.state, message.error_code) == ("failed", "empty")
    assert message.note == "The answer came back empty. Ask again, or in other words."
    assert (attempt.cost_source, attempt.error) == ("reported", "empty")


def test_what_was_surely_not_sent_is_sent_once_more(desk: Desk) -> None:
    desk.stand_in.faults.upcoming(Fault.RATE_LIMITED)

    message = desk.ended(answer_id := desk.ask())

    first, second = desk.attempts(answer_id)
    assert message.state == "done"
    assert message.usage_id == second.id
    assert (first.state, first.estimated_cost) == ("released", None)
    assert (second.state, second.cost_source) == ("settled", "reported")
    assert desk.stand_in.ledger.requests == 2


def test_it_is_not_sent_a_third_time_and_costs_nothing(desk: Desk) -> None:
    desk.stand_in.faults.always(Fault.RATE_LIMITED)

    message = desk.ended(answer_id := desk.ask())

    first, second = desk.attempts(answer_id)
    assert (message.state, message.error_code) == ("failed", "provider_busy")
    assert message.note == "OpenAI is busy. Nothing was paid; try again in a minute."
    assert first.state == "released"
    assert (second.state, second.cost_source, second.estimated_cost) == ("settled", "reported", FREE)
    assert desk.stand_in.ledger.requests == 2


def test_who_is_told_to_wait_long_is_told_at_once(desk: Desk) -> None:
    desk.stand_in.faults.always(Fault.RATE_LIMITED_RETRY_AFTER)
    began = time.monotonic()

    message = desk.ended(answer_id := desk.ask())

    [attempt] = desk.attempts(answer_id)
    assert time.monotonic() - began < 15
    assert (message.state, message.error_code) == ("failed", "provider_busy")
    assert (attempt.cost_source, attempt.estimated_cost) == ("reported", FREE)
    assert desk.stand_in.ledger.requests == 1
