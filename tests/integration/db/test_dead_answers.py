"""Of a process that ended while it wrote an answer, nothing stays open: neither the message nor its cost."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.errors import NotAllowed
from tests.cast import Cast
from tests.integration.db.chats import REPORTED, Talk, attempts, call, fall_silent, start_talk, state
from tests.postgres import Addresses, database_at

POSSIBLE = [(1, "settled", "possible", Decimal("0.002"))]
RESERVED = [(1, "reserved", None, None)]


@pytest.fixture
def talk(database: Database, cast: Cast) -> Talk:
    return start_talk(database, cast.mei)


def _sweep(database: Database) -> int:
    with database.as_worker() as session:
        return int(session.scalar(text("select private.cut_off_answers()")) or 0)


def _age(owner: Connection, minutes: int) -> None:
    """As if what is held had been held for so long."""
    owner.execute(text("alter table openai_usage disable trigger user"))
    owner.execute(text("update openai_usage set created_at = now() - make_interval(mins => :m)"), {"m": minutes})
    owner.execute(text("alter table openai_usage enable trigger user"))


def test_an_answer_that_fell_silent_is_cut_off_and_may_have_been_charged(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    talk.save(answer, "Ana reads")
    fall_silent(owner, answer)

    assert _sweep(talk.database) == 1

    assert state(owner, answer) == ("cut_off", "Ana reads")
    assert attempts(owner, answer) == POSSIBLE
    code, note = owner.execute(text("select error_code, note from chat_messages where id = :id"), {"id": answer}).one()
    assert code == "answer_lost"
    assert "may have been charged" in note


def test_one_that_still_breathes_is_left_alone(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    fall_silent(owner, answer, seconds=10)

    assert _sweep(talk.database) == 0

    assert state(owner, answer) == ("writing", "")
    assert attempts(owner, answer) == RESERVED


def test_without_a_price_what_it_cost_is_unknown(owner: Connection, talk: Talk) -> None:
    answer = talk.ask(held=None)
    fall_silent(owner, answer)

    _sweep(talk.database)

    assert attempts(owner, answer) == [(1, "settled", "unpriced", None)]


def test_people_cut_off_their_own_only(database: Database, owner: Connection, cast: Cast, talk: Talk) -> None:
    answer = talk.ask()
    fall_silent(owner, answer)

    counts = [call(database, person, "private.cut_off_my_answers()") for person in (cast.siti, cast.ben, cast.mei)]

    assert counts == [0, 0, 1]
    assert state(owner, answer) == ("cut_off", "")


def test_nobody_in_particular_cuts_off_nothing(database: Database, owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    fall_silent(owner, answer)

    with pytest.raises(NotAllowed), database.as_nobody() as session:
        session.execute(text("select private.cut_off_my_answers()"))
    with pytest.raises(NotAllowed):
        talk.call("private.cut_off_answers()")

    assert state(owner, answer) == ("writing", "")


def test_a_late_end_puts_the_answer_and_its_cost_right(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    fall_silent(owner, answer)
    _sweep(talk.database)
    assert talk.save(answer, "Ana reads well") == "gone"

    talk.end(answer)

    assert state(owner, answer) == ("done", "Ana reads well [r1].")
    assert attempts(owner, answer) == [(1, "settled", "reported", Decimal("0.0004"))]
    daily = owner.execute(text("select requests, errors, cost from usage_daily")).one()
    assert tuple(daily) == (1, 0, Decimal("0.0004"))


def test_a_late_end_that_is_less_sure_leaves_the_cost_as_it_is(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    fall_silent(owner, answer)
    _sweep(talk.database)

    talk.end(answer, "stopped", cost_source="estimated", cost_usd="0.0001")

    assert state(owner, answer) == ("stopped", "Ana reads well [r1].")
    assert attempts(owner, answer) == POSSIBLE


def test_an_answer_that_was_cut_off_by_its_own_process_stays_so(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    talk.end(answer, "cut_off", words="Ana", details={"error_code": "no_answer"})

    talk.end(answer)

    assert state(owner, answer) == ("cut_off", "Ana")


def test_a_forgotten_answer_still_settles_what_it_cost(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    talk.forget()
    assert talk.save(answer) == "gone"

    talk.end(answer)

    assert state(owner, answer) is None
    assert attempts(owner, answer) == [(1, "settled", "reported", Decimal("0.0004"))]


def test_a_forgotten_answer_that_nobody_ended_may_have_been_charged(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    talk.forget()
    _sweep(talk.database)
    assert attempts(owner, answer) == RESERVED

    _age(owner, minutes=6)
    _sweep(talk.database)

    assert attempts(owner, answer) == POSSIBLE


def test_a_long_answer_that_still_breathes_is_not_taken_for_forgotten(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    _age(owner, minutes=6)

    _sweep(talk.database)

    assert attempts(owner, answer) == RESERVED


def test_an_end_that_is_being_said_is_not_waited_for(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    fall_silent(owner, answer)
    says_it = "select private.end_answer(:answer, 'done', 'Ana', '{}', cast(:settlement as jsonb))"

    with ThreadPoolExecutor(1) as pool, talk.database.as_person(talk.person) as ending:
        ending.execute(text(says_it), {"answer": answer, "settlement": json.dumps(REPORTED)})
        assert pool.submit(_sweep, talk.database).result(timeout=60) == 0

    assert state(owner, answer) == ("done", "Ana")
    assert attempts(owner, answer) == [(1, "settled", "reported", Decimal("0.0004"))]


def test_whoever_ends_dead_answers_and_whoever_ends_live_ones_never_wait_in_a_ring(
    addresses: Addresses, owner: Connection, cast: Cast
) -> None:
    owner.execute(text("update limits set at_most = 100"))
    with database_at(addresses, pool_size=8) as database, ThreadPoolExecutor(8) as pool:
        talks = [start_talk(database, cast.mei) for _ in range(24)]
        answers = [talk.ask() for talk in talks]
        for answer in answers:
            fall_silent(owner, answer)

        def end(pair: tuple[Talk, UUID]) -> str:
            pair[0].end(pair[1])
            return "ended"

        def cut_off(_turn: int) -> str:
            time.sleep(0.005)
            return f"swept {_sweep(database)}"[:5]

        ended = [pool.submit(end, pair) for pair in zip(talks, answers, strict=True)]
        swept = [pool.submit(cut_off, turn) for turn in range(8)]
        outcomes = Counter(future.result() for future in [*ended, *swept])

    assert outcomes == {"ended": 24, "swept": 8}
    assert owner.scalar(text("select count(*) from chat_messages where state = 'done' and kind = 'answer'")) == 24
    assert owner.scalar(text("select sum(cost) from usage_daily")) == 24 * Decimal("0.0004")
