"""An answer from the request to the last word, over the stand-in and a real database."""

from datetime import date
from uuid import uuid4

import pytest

from core.assistant.message import Source
from core.meetings.records import RecordKind, RecordRef
from tests.integration.assistant.desk import Desk, writing
from tests.integration.photos.studio import wait_until


def test_a_whole_answer_is_shown_kept_and_paid_by_the_providers_count(desk: Desk) -> None:
    answer_id = desk.ask()

    shown = desk.shown(answer_id)

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert (message.state, message.note, message.error_code) == ("done", None, None)
    assert message.text == shown
    assert "Ana Lim" in shown
    assert "STUDENT_1" not in shown
    assert (attempt.state, attempt.cost_source, attempt.error) == ("settled", "reported", None)
    assert attempt.estimated_cost > 0
    assert attempt.total_tokens == attempt.prompt_tokens + attempt.completion_tokens
    assert attempt.first_token_ms <= attempt.duration_ms
    assert attempt.response_data["finish_reason"] == "stop"
    assert desk.live.running == 0


def test_tokens_split_over_pieces_are_names_again_in_every_piece_that_is_shown(desk: Desk) -> None:
    desk.stand_in.pieces = ["The ", "STU", "DENT", "_", "1", "’s", " work, and ", "stud", "ent_1", "."]
    answer_id = desk.ask()

    shown = list(desk.live.tail(desk.cast.mei, answer_id))

    assert "".join(shown) == "The Ana Lim’s work, and Ana Lim."
    assert not any("STU" in piece.upper() for piece in shown)
    assert desk.message(answer_id).text == "".join(shown)


@pytest.mark.parametrize(
    ("last", "shown"), [("STUDENT_1", "Ana Lim"), ("STUDENT", "STUDENT"), ("[r", "[r"), ("x ", "x ")]
)
def test_nothing_is_kept_back_in_the_end(desk: Desk, last: str, shown: str) -> None:
    desk.stand_in.pieces = ["That is ", last]

    assert desk.shown(desk.ask()) == f"That is {shown}"


def test_cited_records_are_kept_in_the_order_of_citing_and_others_are_taken_out(desk: Desk) -> None:
    sources = {mark: source(desk, label) for mark, label in (("r1", "Attendance"), ("r2", "English"), ("r3", "Art"))}
    desk.stand_in.pieces = ["Well [r", "2], late [r1], well [R2]", " and brave [r9]."]

    answer_id = desk.ask(sources=sources)

    assert desk.shown(answer_id) == "Well [r2], late [r1], well [r2] and brave."
    message = desk.message(answer_id)
    assert [(one["mark"], one["label"]) for one in message.sources] == [("r2", "English"), ("r1", "Attendance")]
    record = sources["r2"].record
    assert message.sources[0] == {
        "mark": "r2",
        "kind": "result",
        "id": str(record.id),
        "student_id": str(desk.cast.ana),
        "on": "2026-11-12",
        "label": "English",
    }
    assert message.removed_citations == 1


def test_the_row_has_the_text_and_a_heartbeat_while_the_answer_is_written(desk: Desk) -> None:
    desk.stand_in.pieces = ["Well ", "done."]
    desk.stand_in.breaks_after_words = 1
    desk.stand_in.faults.always("silent_halfway")
    with writing(desk.database, desk.address) as live:
        answer_id = desk.ask(live=live)
        began = desk.message(answer_id).heartbeat_at

        wait_until(lambda: desk.message(answer_id).text == "Well")
        saved = desk.message(answer_id)
        wait_until(lambda: desk.message(answer_id).heartbeat_at > saved.heartbeat_at)

        assert saved.state == "writing"
        assert saved.heartbeat_at > began


def test_a_model_without_a_price_stays_unpriced(desk: Desk) -> None:
    answer_id = desk.ask(model="gpt-6.2-sol", held=None)

    desk.shown(answer_id)

    [attempt] = desk.attempts(answer_id)
    assert (attempt.cost_source, attempt.estimated_cost) == ("unpriced", None)
    assert attempt.completion_tokens > 0


def test_the_longest_answer_may_be_continued_and_is_paid_by_the_providers_count(desk: Desk) -> None:
    answer_id = desk.ask(max_tokens=5)

    desk.shown(answer_id)

    message, [attempt] = desk.message(answer_id), desk.attempts(answer_id)
    assert (message.state, message.error_code) == ("cut_off", "length")
    assert message.note == "Cut off at the longest that one answer may be."
    assert (attempt.cost_source, attempt.error) == ("reported", None)


def test_a_server_that_counts_nothing_is_counted_for(desk: Desk) -> None:
    desk.stand_in.pieces, desk.stand_in.with_usage = ["Well ", "done."], False
    answer_id = desk.ask()

    desk.shown(answer_id)

    [attempt] = desk.attempts(answer_id)
    assert desk.message(answer_id).state == "done"
    assert attempt.cost_source == "estimated"
    assert attempt.estimated_cost > 0
    assert attempt.response_data["counted"]


def test_an_answer_that_was_forgotten_meanwhile_stops_and_is_paid_all_the_same(desk: Desk) -> None:
    desk.stand_in.faults.always("silent_halfway")
    with writing(desk.database, desk.address) as live:
        answer_id = desk.ask(live=live)
        tail = live.tail(desk.cast.mei, answer_id)
        next(piece for piece in tail if piece)

        desk.forget(answer_id)
        list(tail)

    [attempt] = desk.attempts(answer_id)
    assert (attempt.state, attempt.cost_source) == ("settled", "estimated")
    assert attempt.estimated_cost > 0


def test_what_happens_to_one_answer_is_nothing_to_the_others(desk: Desk) -> None:
    desk.stand_in.faults.upcoming("500", "none")

    broken = desk.ask()
    desk.ended(broken)
    whole = desk.ask(person=desk.cast.arjun)

    assert desk.ended(whole).state == "done"
    assert desk.message(broken).state == "failed"


def source(desk: Desk, label: str) -> Source:
    return Source(RecordRef(RecordKind.RESULT, uuid4(), desk.cast.ana, date(2026, 11, 12)), label)
