"""What a conversation holds: turns that the app answers itself, what was edited away, and nothing once forgotten."""

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


def test_of_a_forgotten_conversation_only_its_cost_is_left(owner: Connection, talk: Talk) -> None:
    answer = _one_turn(talk)
    _add_token(talk)

    talk.forget()

    assert [count(owner, table) for table in CHATS] == [0, 0, 0]
    left = owner.execute(text("select title, class_id, deleted_at is not null from chat_threads")).one()
    assert tuple(left) == ("", None, True)
    assert [row[:2] for row in attempts(owner, answer)] == [(1, "settled")]


def test_a_conversation_is_forgotten_alone(database: Database, owner: Connection, talk: Talk, cast: Cast) -> None:
    other = start_talk(database, cast.mei, "Another")
    _one_turn(other)

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
