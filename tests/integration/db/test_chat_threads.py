"""What a conversation holds: turns that the app answers itself, what was edited away, and nobody else's."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.db.engine import Database
from core.errors import AnswerUnderWay, UnknownConversation
from tests.cast import Cast
from tests.integration.db.chats import Talk, attempts, call, count, start_talk

REPLACE = "private.replace_messages(:message)"


@pytest.fixture
def talk(database: Database, cast: Cast) -> Talk:
    return start_talk(database, cast.mei)


def _standing(owner: Connection) -> list[int]:
    return list(owner.scalars(text("select place from chat_messages where replaced_at is null order by place")))


def _one_turn(talk: Talk) -> UUID:
    answer = talk.ask()
    talk.end(answer)
    return answer


def test_what_the_app_answers_itself_costs_nothing(owner: Connection, talk: Talk) -> None:
    choices = [{"kind": "student", "id": "1", "names": ["Ana Lim"]}]

    reply = talk.note(kind="which", choices=choices, command="progress")

    rows = owner.execute(text("select role, kind, state, text, choices, command from chat_messages order by place"))
    assert [tuple(row) for row in rows] == [
        ("user", "question", "done", "/help", [], None),
        ("assistant", "which", "done", "These are the commands.", choices, "progress"),
    ]
    assert owner.scalar(text("select id from chat_messages where place = 2")) == reply
    assert [count(owner, table) for table in ("openai_usage", "rate_limits", "chat_requests")] == [0, 0, 0]


@pytest.mark.parametrize("kind", ["question", "answer", "anything"])
def test_the_app_itself_says_nothing_else(owner: Connection, talk: Talk, kind: str) -> None:
    with pytest.raises(DBAPIError, match="nothing that the app says by itself"):
        talk.note(kind=kind)

    assert count(owner, "chat_messages") == 0


def test_the_app_waits_with_its_answer_while_another_is_written(owner: Connection, talk: Talk) -> None:
    talk.ask()

    with pytest.raises(AnswerUnderWay):
        talk.note()

    assert count(owner, "chat_messages") == 2


def test_what_is_replaced_takes_along_all_that_followed(owner: Connection, talk: Talk) -> None:
    answers = [_one_turn(talk) for _ in range(3)]

    talk.call(REPLACE, message=answers[1])

    assert _standing(owner) == [1, 2, 3]
    new = talk.ask(question=None)
    assert owner.scalar(text("select place from chat_messages where id = :id"), {"id": new}) == 7
    assert _standing(owner) == [1, 2, 3, 7]


def test_nothing_is_replaced_while_an_answer_is_written(owner: Connection, talk: Talk) -> None:
    first = _one_turn(talk)
    talk.ask()

    with pytest.raises(AnswerUnderWay):
        talk.call(REPLACE, message=first)

    assert _standing(owner) == [1, 2, 3, 4]


def test_what_stands_in_the_place_of_something_replaced_is_not_replaced_by_an_old_page(
    owner: Connection, talk: Talk
) -> None:
    old = _one_turn(talk)
    talk.call(REPLACE, message=old)
    talk.end(talk.ask(question=None))

    with pytest.raises(UnknownConversation):
        talk.call(REPLACE, message=old)

    assert _standing(owner) == [1, 3]


def test_two_clicks_on_regenerate_make_one_answer(database: Database, owner: Connection, talk: Talk) -> None:
    old = _one_turn(talk)

    def regenerate(_click: int) -> bool:
        try:
            with database.as_person(talk.person) as session:
                session.execute(text(f"select {REPLACE}"), {"message": old})
                session.execute(text("select pg_sleep(0.05)"))
            talk.ask(question=None)
        except (AnswerUnderWay, UnknownConversation):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(regenerate, range(2)))

    assert outcomes == [False, True]
    assert _standing(owner) == [1, 3]


def test_ids_are_not_taken_twice(talk: Talk) -> None:
    answer = _one_turn(talk)

    with pytest.raises(DBAPIError, match="unique"):
        talk.send(answer)
    assert talk.send(uuid4()) is None


@pytest.mark.parametrize("name", ["devi", "siti", "ben"])
def test_what_is_somebody_else_s_looks_like_what_is_not_there(
    database: Database, owner: Connection, cast: Cast, talk: Talk, name: str
) -> None:
    """Admins are nobody else's readers, either."""
    done = _one_turn(talk)
    answer = talk.ask()
    before = owner.execute(text("select to_jsonb(m) from chat_messages as m order by place")).all()
    stranger = getattr(cast, name)
    theirs = talk.by(stranger)

    for refused in (theirs.ask, theirs.note, theirs.forget):
        with pytest.raises(UnknownConversation):
            refused()
    for function, message in (("stop_answer", answer), ("replace_messages", done)):
        with pytest.raises(UnknownConversation):
            call(database, stranger, f"private.{function}(:id)", id=message)
    assert theirs.save(answer) == "gone"
    theirs.end(answer)
    assert call(database, stranger, "private.try_again(:id, 1)", id=answer) is False

    assert owner.execute(text("select to_jsonb(m) from chat_messages as m order by place")).all() == before
    assert attempts(owner, answer) == [(1, "reserved", None, None)]
