"""An answer grows, is stopped, ends once and settles what it cost."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.db.engine import Database
from tests.cast import Cast
from tests.integration.db.chats import Talk, attempts, start_talk, state

SETTLED = [(1, "settled", "reported", Decimal("0.0004"))]
AGAIN = "private.try_again(:answer, :attempt)"


@pytest.fixture
def talk(database: Database, cast: Cast) -> Talk:
    return start_talk(database, cast.mei)


def test_what_is_there_so_far_is_kept(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    owner.execute(text("update chat_messages set heartbeat_at = now() - interval '9 seconds'"))

    assert talk.save(answer, "Ana reads") == "go_on"

    assert state(owner, answer) == ("writing", "Ana reads")
    age = "select clock_timestamp() - heartbeat_at < interval '5 seconds' from chat_messages where id = :id"
    assert owner.scalar(text(age), {"id": answer})


def test_a_stop_reaches_whoever_writes_it(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()

    talk.call("private.stop_answer(:answer)", answer=answer)

    assert talk.save(answer, "Ana reads") == "stop"
    assert state(owner, answer) == ("writing", "Ana reads")


def test_a_stop_that_comes_after_the_end_changes_nothing(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    talk.end(answer)

    talk.call("private.stop_answer(:answer)", answer=answer)

    assert owner.scalar(text("select count(*) from chat_messages where stop_asked_at is not null")) == 0
    assert talk.save(answer, "More") == "gone"
    assert state(owner, answer) == ("done", "Ana reads well [r1].")


def test_an_answer_that_ends_is_settled_with_what_it_took(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    source = {"mark": "r1", "kind": "result", "label": "Mathematics"}

    talk.end(answer, details={"sources": [source], "removed_citations": 2})

    said = owner.execute(
        text("select state, sources, removed_citations, error_code, note from chat_messages where id = :id"),
        {"id": answer},
    ).one()
    assert tuple(said) == ("done", [source], 2, None, None)
    took = owner.execute(
        text(
            "select state, estimated_cost, cost_source, rates, prompt_tokens, completion_tokens, total_tokens, error,"
            " response_data, duration_ms, first_token_ms from openai_usage"
        )
    ).one()
    assert tuple(took) == (
        "settled", Decimal("0.0004"), "reported", {"input": "0.10"}, 2140, 312, 2452, None, {"finish_reason": "stop"},
        6000, 400,
    )  # fmt: skip


@pytest.mark.parametrize("how", ["stopped", "cut_off", "refused", "failed"])
def test_how_it_ended_and_why_is_kept(owner: Connection, talk: Talk, how: str) -> None:
    answer = talk.ask()

    talk.end(answer, how, words="Ana", details={"error_code": "no_answer", "note": "Cut off after 20 s of silence."})

    said = owner.execute(text("select error_code, note from chat_messages where id = :id"), {"id": answer}).one()
    assert (state(owner, answer), tuple(said)) == (
        (how, "Ana"),
        ("no_answer", "Cut off after 20 s of silence."),
    )


@pytest.mark.parametrize("how", ["writing", "answered", ""])
def test_an_answer_ends_in_no_other_way(owner: Connection, talk: Talk, how: str) -> None:
    answer = talk.ask()

    with pytest.raises(DBAPIError, match="no way for an answer to end"):
        talk.end(answer, how)

    assert state(owner, answer) == ("writing", "")
    assert attempts(owner, answer) == [(1, "reserved", None, None)]


@pytest.mark.parametrize(("saved", "words"), [("", "Ana"), ("Ana", "")], ids=["with its end", "before"])
def test_an_answer_that_has_words_was_not_free(owner: Connection, talk: Talk, saved: str, words: str) -> None:
    answer = talk.ask()
    talk.save(answer, saved)

    with pytest.raises(DBAPIError, match="what was written was sent for"):
        talk.end(answer, "stopped", words=words, state="released", cost_source=None, cost_usd=None)

    assert attempts(owner, answer) == [(1, "reserved", None, None)]


def test_the_end_said_twice_is_said_once(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    talk.end(answer)

    talk.end(answer, "failed", words="", cost_usd="9")

    assert state(owner, answer) == ("done", "Ana reads well [r1].")
    assert attempts(owner, answer) == SETTLED
    assert owner.scalar(text("select cost from usage_daily")) == Decimal("0.0004")


@pytest.mark.parametrize(
    ("settlement", "row"),
    [
        ({"cost_source": "estimated", "cost_usd": "0.0001"}, ("settled", "estimated", Decimal("0.0001"))),
        ({"cost_source": "possible", "cost_usd": None}, ("settled", "possible", Decimal("0.002"))),
        ({"cost_source": "unpriced", "cost_usd": None}, ("settled", "unpriced", None)),
        ({"state": "released", "cost_source": None, "cost_usd": None}, ("released", None, None)),
    ],
    ids=["counted by us", "may have been charged", "no price", "not sent"],
)
def test_its_cost_is_as_sure_as_what_is_known_of_it(
    owner: Connection, talk: Talk, settlement: dict[str, Any], row: tuple[object, ...]
) -> None:
    answer = talk.ask()

    talk.end(answer, "cut_off", words="", **settlement)

    assert attempts(owner, answer) == [(1, *row)]


def test_what_may_have_been_charged_without_a_price_is_unpriced(owner: Connection, talk: Talk) -> None:
    answer = talk.ask(held=None)

    talk.end(answer, "cut_off", cost_source="possible", cost_usd=None)

    assert attempts(owner, answer) == [(1, "settled", "unpriced", None)]


def test_a_second_try_is_an_attempt_of_its_own(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()

    assert talk.call(AGAIN, answer=answer, attempt=1) is True

    alike = "select count(distinct (model, held_cost, feature, class_id, request_data)) from openai_usage"
    assert owner.scalar(text(alike)) == 1
    assert attempts(owner, answer) == [(1, "released", None, None), (2, "reserved", None, None)]
    talk.end(answer, attempt=2)
    assert attempts(owner, answer) == [(1, "released", None, None), (2, "settled", "reported", Decimal("0.0004"))]
    named = "select u.attempt from chat_messages as m inner join openai_usage as u on u.id = m.usage_id"
    assert owner.scalar(text(named)) == 2
    assert owner.scalar(text("select count(*) from rate_limits")) == 1


def test_an_attempt_is_tried_again_once(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()

    assert [talk.call(AGAIN, answer=answer, attempt=1) for _ in range(2)] == [True, False]

    assert len(attempts(owner, answer)) == 2


def test_nothing_is_tried_again_for_nobody(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    talk.forget()

    assert talk.call(AGAIN, answer=answer, attempt=1) is False

    assert attempts(owner, answer) == [(1, "released", None, None)]


def test_for_who_left_the_staff_nothing_is_written_and_what_was_begun_is_settled(owner: Connection, talk: Talk) -> None:
    answer, other = talk.ask(), start_talk(talk.database, talk.person).ask()
    owner.execute(text("update staff set active = false where id = :id"), {"id": talk.person.staff_id})

    assert talk.save(answer) == "gone"
    talk.end(answer)
    assert talk.call(AGAIN, answer=other, attempt=1) is False

    assert attempts(owner, answer) == [(1, "settled", "reported", Decimal("0.0004"))]
    assert attempts(owner, other) == [(1, "released", None, None)]
