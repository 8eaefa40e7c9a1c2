"""Following an answer: in two tabs, from another process, and after the process that wrote it is gone."""

import threading
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from core.assistant.live import LiveAnswers
from core.assistant.tail import PACE_S
from core.demo.faults import Fault
from core.demo.pauses import Timing
from tests.integration.assistant.desk import Desk, writing
from tests.integration.photos.studio import wait_until

OFTEN_S = 0.5
"""A pause that is far from any silence, on a busy machine, too."""
PIECES = [f"word{number} " for number in range(25)]


@pytest.fixture
def elsewhere(desk: Desk) -> Iterator[LiveAnswers]:
    """Another process of the same school."""
    with writing(desk.database, desk.address) as live:
        yield live


@pytest.fixture
def slowly(desk: Desk) -> None:
    """Part of a second for 25 words."""
    desk.stand_in.pieces = PIECES
    desk.stand_in.faults.always(Fault.SLOW_DRIP)
    desk.stand_in.pace(Timing(chat_first_s=0, drip_s=0.03))


@pytest.mark.usefixtures("slowly")
def test_two_tabs_see_the_whole_answer_and_the_later_one_begins_with_what_is_there(
    desk: Desk, elsewhere: LiveAnswers
) -> None:
    answer_id = desk.ask(live=elsewhere)
    first, second = list[str](), list[str]()
    one = threading.Thread(target=lambda: first.extend(elsewhere.tail(desk.cast.mei, answer_id)))
    one.start()
    wait_until(lambda: len("".join(first)) > 50)

    second.extend(elsewhere.tail(desk.cast.mei, answer_id))
    one.join()

    assert "".join(first) == "".join(second) == "".join(PIECES) == desk.message(answer_id).text
    assert len(second[0]) >= 50


@pytest.mark.usefixtures("slowly")
def test_pieces_are_gathered_and_silence_is_told(desk: Desk, elsewhere: LiveAnswers) -> None:
    began = time.monotonic()
    answer_id, came = desk.ask(live=elsewhere), list[tuple[float, str]]()

    for piece in elsewhere.tail(desk.cast.mei, answer_id):
        came.append((time.monotonic(), piece))

    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(came)]
    texts = [moment for moment, piece in came if piece]
    assert sorted(gaps)[len(gaps) // 2] < OFTEN_S
    # The last one comes with the end.
    assert (len(texts) - 2) * PACE_S <= texts[-1] - began


def test_silence_is_told_while_nothing_comes(desk: Desk, elsewhere: LiveAnswers) -> None:
    desk.stand_in.faults.always(Fault.HANG_BILLED)
    tail = elsewhere.tail(desk.cast.mei, desk.ask(live=elsewhere))
    began = time.monotonic()

    silence = [next(tail) for _ in range(10)]

    assert silence == [""] * 10
    assert time.monotonic() - began < 10 * OFTEN_S


@pytest.mark.usefixtures("slowly")
def test_an_answer_that_another_process_writes_is_followed_in_its_row(desk: Desk, elsewhere: LiveAnswers) -> None:
    answer_id, came = desk.ask(live=elsewhere), list[tuple[float, str]]()

    for piece in desk.live.tail(desk.cast.mei, answer_id):
        came.append((time.monotonic(), piece))

    assert "".join(piece for _, piece in came) == desk.message(answer_id).text == "".join(PIECES)
    assert sum(bool(piece) for _, piece in came) > 2
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(came)]
    assert sorted(gaps)[len(gaps) // 2] < OFTEN_S


def test_an_answer_whose_process_died_is_noticed_and_cut_off(desk: Desk) -> None:
    answer_id = desk.reserve()
    desk.run(
        "update chat_messages set text = 'So far', heartbeat_at = now() - interval '16 seconds' where id = :id",
        id=answer_id,
    )

    shown = desk.shown(answer_id)

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert shown == message.text == "So far"
    assert (message.state, message.error_code) == ("cut_off", "answer_lost")
    assert (attempt.state, attempt.cost_source) == ("settled", "possible")


def test_an_answer_that_ended_long_ago_is_there_at_once(desk: Desk) -> None:
    text = desk.ended(answer_id := desk.ask()).text
    wait_until(lambda: desk.live.running == 0)

    assert list(desk.live.tail(desk.cast.mei, answer_id)) == [text]


def test_a_page_that_draws_anew_after_the_tail_finds_the_final_row(desk: Desk) -> None:
    for _ in range(5):
        answer_id = desk.ask()
        desk.shown(answer_id)

        assert desk.message(answer_id).state == "done"


def test_nobody_follows_somebody_elses_answer(desk: Desk, elsewhere: LiveAnswers) -> None:
    desk.stand_in.faults.always(Fault.SILENT_HALFWAY)
    answer_id = desk.ask(live=elsewhere)
    wait_until(lambda: desk.message(answer_id).text != "")

    assert list(elsewhere.tail(desk.cast.siti, answer_id)) == []
    assert list(desk.live.tail(desk.cast.siti, answer_id)) == []


def test_a_forgotten_answer_ends_for_who_follows_its_row(desk: Desk, elsewhere: LiveAnswers) -> None:
    desk.stand_in.faults.always(Fault.SILENT_HALFWAY)
    answer_id = desk.ask(live=elsewhere)
    tail = desk.live.tail(desk.cast.mei, answer_id)
    next(piece for piece in tail if piece)

    desk.forget(answer_id)

    assert "".join(tail) == ""
