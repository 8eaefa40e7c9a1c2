"""Of a forgotten conversation nothing is left but its cost, whatever was under way."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.db.engine import Database
from core.errors import UnknownConversation
from tests.cast import Cast
from tests.integration.db.chats import Talk, attempts, count, start_talk

TOKEN = (
    "insert into chat_tokens (school_id, staff_id, thread_id, kind, number, form, entity, text)"
    " values (:school, :me, :thread, 'STUDENT', :number, '', 'ana', 'Ana')"
)
CHATS = ("chat_messages", "chat_requests", "chat_tokens")


@pytest.fixture
def talk(database: Database, cast: Cast) -> Talk:
    return start_talk(database, cast.mei)


def _add_token(talk: Talk, number: int = 1) -> None:
    person = talk.person
    with talk.database.as_person(person) as session:
        session.execute(
            text(TOKEN),
            {"school": person.school_id, "me": person.staff_id, "thread": talk.thread, "number": number},
        )


def test_of_a_forgotten_conversation_only_its_cost_is_left(owner: Connection, talk: Talk) -> None:
    answer = talk.ask()
    talk.end(answer)
    _add_token(talk)

    talk.forget()

    assert [count(owner, table) for table in CHATS] == [0, 0, 0]
    left = owner.execute(text("select title, class_id, deleted_at is not null from chat_threads")).one()
    assert tuple(left) == ("", None, True)
    assert [row[:2] for row in attempts(owner, answer)] == [(1, "settled")]


def test_a_conversation_is_forgotten_alone(database: Database, owner: Connection, talk: Talk, cast: Cast) -> None:
    other = start_talk(database, cast.mei, "Another")
    other.ask()

    talk.forget()
    talk.forget()

    assert count(owner, "chat_messages") == 2
    assert owner.scalar(text("select title from chat_threads where deleted_at is null")) == "Another"


def test_nothing_is_written_into_a_forgotten_conversation(owner: Connection, talk: Talk) -> None:
    talk.forget()

    for write in (talk.ask, talk.note):
        with pytest.raises(UnknownConversation):
            write()
    with pytest.raises(UnknownConversation):
        _add_token(talk)
    with talk.database.as_person(talk.person) as session:
        assert session.execute(text("select id, title from chat_threads")).all() == []

    assert [count(owner, table) for table in (*CHATS, "rate_limits")] == [0, 0, 0, 0]


def test_no_token_outlives_a_conversation_that_is_forgotten_meanwhile(owner: Connection, talk: Talk) -> None:
    with ThreadPoolExecutor(1) as pool:
        with talk.database.as_person(talk.person) as forgetting:
            forgetting.execute(text("select private.forget_thread(:thread)"), {"thread": talk.thread})
            late = pool.submit(_add_token, talk)
            _until_somebody_waits(owner)
        with pytest.raises(UnknownConversation):
            late.result()

    assert count(owner, "chat_tokens") == 0


def _until_somebody_waits(owner: Connection) -> None:
    waiting = text("select count(*) from pg_locks where not granted")
    for _ in range(200):
        if owner.scalar(waiting):
            return
        owner.execute(text("select pg_sleep(0.01)"))
    raise AssertionError("nobody waited for the conversation")


def test_a_token_has_one_meaning(talk: Talk) -> None:
    _add_token(talk)

    with pytest.raises(DBAPIError, match="unique"):
        _add_token(talk)
