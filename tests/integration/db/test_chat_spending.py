"""A public demo's questions stay within what the whole demo may spend."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.errors import NotAllowed
from tests.cast import Cast
from tests.integration.db.chats import Talk, call, start_talk

MAY = "private.demo_may_spend(cast(:limit as numeric), cast(:held as numeric))"


@pytest.fixture
def talk(database: Database, owner: Connection, cast: Cast) -> Talk:
    owner.execute(text("update schools set kind = 'demo'"))
    return start_talk(database, cast.mei)


def _may(talk: Talk, held: str | None) -> bool:
    return bool(talk.call(MAY, limit="0.01", held=held))


def test_what_is_held_and_what_was_paid_count_alike(talk: Talk) -> None:
    talk.end(talk.ask(held="0.009", request_data={}), cost_usd="0.004")
    talk.ask(held="0.004", request_data={})

    assert [_may(talk, held) for held in ("0.002", "0.0021")] == [True, False]


def test_what_everyone_of_the_demo_spends_counts(database: Database, cast: Cast, talk: Talk) -> None:
    start_talk(database, cast.arjun).ask(held="0.009", request_data={})

    assert not _may(talk, "0.002")


def test_what_the_stand_in_answers_and_what_was_never_sent_is_free(talk: Talk) -> None:
    talk.end(talk.ask(held="9", request_data={}), "failed", words="", state="released", cost_source=None, cost_usd=None)
    talk.ask(held="9", request_data={"by_stand_in": True})

    assert _may(talk, "0.01")


def test_an_unknown_price_may_pass_any_limit(talk: Talk) -> None:
    assert not _may(talk, None)


def test_a_real_school_is_told_nothing(database: Database, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        call(database, cast.siti, MAY, limit="1", held="0")


def test_of_many_questions_at_once_no_more_are_held_than_the_limit_allows(
    database: Database, owner: Connection, talk: Talk
) -> None:
    talks = [start_talk(database, talk.person) for _ in range(8)]

    def ask(other: Talk) -> None:
        with database.as_person(other.person) as session:
            if session.scalar(text(f"select {MAY}"), {"limit": "0.01", "held": "0.004"}):
                session.execute(
                    text(
                        "select private.send_chat(:thread, null, :answer, null, '{}', 'm', 0.004, 'chat', null,"
                        """ '{"body": {}, "sent_to": "x", "kinds": []}', '{}')"""
                    ),
                    {"thread": other.thread, "answer": uuid4()},
                )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, talks))

    assert owner.scalar(text("select sum(held_cost) from openai_usage")) == Decimal("0.008")
