"""A question is written down, limited and paid for in one step, or not at all."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.errors import AnswerUnderWay
from tests.cast import Cast
from tests.integration.db.chats import DETAILS, REQUEST, Talk, count, fall_silent, start_talk, state
from tests.postgres import Addresses, database_at

THREADS = 16


def test_a_question_and_its_answer_stand_at_the_end_of_the_conversation(
    database: Database, owner: Connection, cast: Cast
) -> None:
    talk = start_talk(database, cast.mei)
    talk.end(talk.ask())

    answer = talk.ask()

    rows = owner.execute(text("select place, role, kind, state, text from chat_messages order by place")).all()
    assert [tuple(row) for row in rows[2:]] == [
        (3, "user", "question", "done", "How is Ana doing?"),
        (4, "assistant", "answer", "writing", ""),
    ]
    details = owner.execute(
        text("select command, subject, records, students, left_out from chat_messages where id = :id"), {"id": answer}
    )
    assert dict(details.mappings().one()) == DETAILS


def test_what_is_sent_is_kept_as_it_leaves(database: Database, owner: Connection, cast: Cast) -> None:
    answer = start_talk(database, cast.mei).ask()

    kept = owner.execute(text("select message_id, body, sent_to, kinds, sources from chat_requests"))

    assert dict(kept.mappings().one()) == {"message_id": answer, **REQUEST}


def test_its_cost_is_held_before_it_is_sent(database: Database, owner: Connection, cast: Cast) -> None:
    answer = start_talk(database, cast.mei).ask(**{"class": cast.integrity})

    held = owner.execute(
        text(
            "select u.user_id, u.type, u.model, u.state, u.attempt, u.held_cost, u.feature, u.class_id, u.request_data,"
            " m.id from openai_usage as u inner join chat_messages as m on m.usage_id = u.id and m.id = u.message_id"
        )
    ).one()
    assert tuple(held) == (
        cast.mei.staff_id, "chat", "gpt-6-luna", "reserved", 1, Decimal("0.002"), "progress", cast.integrity,
        {"by_stand_in": True}, answer,
    )  # fmt: skip


def test_nothing_is_counted_for_somebody_else_s_class(database: Database, owner: Connection, cast: Cast) -> None:
    start_talk(database, cast.mei).ask(**{"class": cast.courage})

    assert owner.scalars(text("select class_id from openai_usage")).all() == [None]


def test_an_answer_without_a_question_belongs_to_the_last(database: Database, owner: Connection, cast: Cast) -> None:
    talk = start_talk(database, cast.mei)
    talk.note(kind="which")

    answer = talk.ask(question=None)

    places = owner.execute(text("select place, kind from chat_messages order by place")).all()
    assert [tuple(row) for row in places] == [(1, "question"), (2, "which"), (3, "answer")]
    assert state(owner, answer) == ("writing", "")


def test_a_conversation_goes_up_in_the_list_with_each_question(
    database: Database, owner: Connection, cast: Cast
) -> None:
    first, second = (start_talk(database, cast.mei, title) for title in ("First", "Second"))

    first.ask()

    newest = text("select id from chat_threads order by updated_at desc")
    assert owner.scalars(newest).all() == [first.thread, second.thread]


def test_the_eleventh_in_a_minute_hears_when_and_leaves_no_trace(
    database: Database, owner: Connection, cast: Cast
) -> None:
    talks = [start_talk(database, cast.mei) for _ in range(11)]
    for talk in talks[:10]:
        talk.ask()

    opens = talks[10].send(uuid4())

    first = owner.scalar(text("select min(created_at) from rate_limits"))
    assert isinstance(first, datetime)
    assert opens == first + timedelta(seconds=60)
    assert [count(owner, table) for table in ("chat_messages", "chat_requests", "openai_usage")] == [20, 10, 10]
    assert talks[10].by(cast.mei).call("private.my_slots_left('chat')") == 0


def test_of_sixteen_at_once_exactly_ten_are_sent(addresses: Addresses, owner: Connection, cast: Cast) -> None:
    with database_at(addresses, pool_size=THREADS) as database, ThreadPoolExecutor(THREADS) as pool:
        talks = [start_talk(database, cast.mei) for _ in range(THREADS)]
        opened = list(pool.map(lambda talk: talk.send(uuid4()), talks))

    assert Counter(opens is None for opens in opened) == {True: 10, False: 6}
    assert count(owner, "openai_usage") == 10


def test_of_two_questions_at_once_into_one_conversation_exactly_one_is_sent(
    addresses: Addresses, owner: Connection, cast: Cast
) -> None:
    def send(talk: Talk) -> str:
        try:
            talk.ask()
        except AnswerUnderWay:
            return "under way"
        return "sent"

    with database_at(addresses, pool_size=THREADS) as database, ThreadPoolExecutor(2) as pool:
        talks = [start_talk(database, cast.mei) for _ in range(10)]
        owner.execute(text("update limits set at_most = 100"))
        outcomes = [Counter(pool.map(send, [talk, talk])) for talk in talks]

    assert outcomes == [{"sent": 1, "under way": 1}] * 10
    assert (count(owner, "chat_messages"), count(owner, "rate_limits")) == (20, 10)


def test_a_dead_answer_does_not_stand_in_the_way(database: Database, owner: Connection, cast: Cast) -> None:
    talk = start_talk(database, cast.mei)
    dead = talk.ask()
    with pytest.raises(AnswerUnderWay):
        talk.ask()

    fall_silent(owner, dead)

    assert isinstance(talk.ask(), UUID)
    assert state(owner, dead) == ("cut_off", "")
