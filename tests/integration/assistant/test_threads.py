"""The list of one's conversations, and what one may do with each."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from core.assistant.message import Kind, State, Thumb
from core.db.engine import Database
from core.errors import UnknownConversation
from tests.cast import Cast
from tests.integration.assistant.notebook import Table, open_table


@pytest.fixture
def table(database: Database, owner: Connection, cast: Cast) -> Table:
    return open_table(database, owner, cast)


def titles(table: Table, search: str = "") -> list[str]:
    return [one.title for one in table.assistant.conversations(table.cast.mei, search)]


def test_the_newest_comes_first(table: Table) -> None:
    first = table.ask_and_hear(table.cast.mei, "One")
    table.ask_and_hear(table.cast.mei, "Two")
    assert titles(table) == ["Two", "One"]

    table.ask_and_hear(table.cast.mei, "More of one", conversation_id=first.conversation_id)

    assert titles(table) == ["One", "Two"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("haiku", ["What is a haiku?"]),
        ("HAIKU poem", ["What is a haiku?"]),
        ("ana", ["Progress of Ana Lim"]),
        ("steady", ["Progress of Ana Lim"]),
        ("haiku steady", []),
        ("%", ["Is 5 % much?"]),
        ("_", []),
        ("", ["Is 5 % much?", "Progress of Ana Lim", "What is a haiku?"]),
    ],
)
def test_search_looks_into_titles_and_texts(table: Table, search: str, found: list[str]) -> None:
    table.ask_and_hear(table.cast.mei, "What is a haiku?", "A short poem.")
    table.ask_and_hear(table.cast.mei, "/progress Ana", "Ana Lim is steady.")
    table.ask_and_hear(table.cast.mei, "Is 5 % much?", "No.")

    assert titles(table, search) == found


def test_what_was_edited_away_is_not_found(table: Table) -> None:
    asked = table.ask_and_hear(table.cast.mei, "Hello", "A zebra.")
    table.assistant.ask_again(table.cast.mei, asked.message_id)

    assert titles(table, "zebra") == []


def test_a_thread_shows_its_messages_with_what_they_took(table: Table) -> None:
    asked = table.ask_and_hear(table.cast.mei, "/progress Ana", "Ana Lim is well.")

    thread = table.assistant.thread(table.cast.mei, asked.conversation_id)

    question, answer = thread.messages
    assert (question.kind, question.text) == (Kind.QUESTION, "/progress Ana")
    assert (answer.state, answer.text) == (State.DONE, "Ana Lim is well.")
    assert answer.usage is not None
    assert (answer.usage.model, str(answer.usage.cost_usd)) == ("gpt-6-luna", "0.0004000000")
    assert thread.writing is None


def test_what_replaced_answers_took_stays_in_the_sum(table: Table) -> None:
    mei = table.cast.mei
    asked = table.ask_and_hear(mei, "Hello", "Good morning.")
    other = table.ask_and_hear(mei, "How are you?", "Fine.")
    table.assistant.ask_again(mei, asked.message_id)

    thread = table.assistant.thread(mei, asked.conversation_id)

    assert [one.text for one in thread.messages] == ["Hello", ""]
    assert thread.replaced_cost_usd == thread.cost_usd == Decimal("0.0004")
    assert table.assistant.thread(mei, other.conversation_id).replaced_cost_usd == 0


def test_while_it_is_written_nothing_is_said_of_its_cost(table: Table) -> None:
    asked = table.ask(table.cast.mei, "Hello")

    thread = table.assistant.thread(table.cast.mei, asked.conversation_id)

    assert thread.writing is not None
    assert (thread.writing.id, thread.writing.usage) == (asked.message_id, None)


@pytest.mark.parametrize("who", ["siti", "devi", "ben"])
def test_nobody_else_sees_or_changes_it_not_even_an_admin(table: Table, who: str) -> None:
    asked, other = table.ask_and_hear(table.cast.mei, "Hello"), getattr(table.cast, who)

    assert table.assistant.conversations(other) == []
    with pytest.raises(UnknownConversation):
        table.assistant.thread(other, asked.conversation_id)
    with pytest.raises(UnknownConversation):
        table.assistant.rename(other, asked.conversation_id, "Mine")
    with pytest.raises(UnknownConversation):
        table.assistant.forget(other, asked.conversation_id)
    with pytest.raises(UnknownConversation):
        table.assistant.rate(other, asked.message_id, Thumb.UP)
    assert titles(table) == ["Hello"]


def test_a_conversation_gets_the_name_that_it_is_given(table: Table) -> None:
    asked = table.ask_and_hear(table.cast.mei, "Hello")

    table.assistant.rename(table.cast.mei, asked.conversation_id, "  Term 4\n meetings ")
    assert titles(table) == ["Term 4 meetings"]

    table.assistant.rename(table.cast.mei, asked.conversation_id, "   ")
    assert titles(table) == ["Term 4 meetings"]
    table.assistant.rename(table.cast.mei, asked.conversation_id, "x" * 500)
    assert titles(table) == ["x" * 200]


def test_a_forgotten_conversation_is_gone_and_its_cost_stays(table: Table) -> None:
    asked = table.ask_and_hear(table.cast.mei, "/ptm Ana Lim", "Ana Lim.")

    table.assistant.forget(table.cast.mei, asked.conversation_id)

    assert titles(table) == []
    with pytest.raises(UnknownConversation):
        table.assistant.thread(table.cast.mei, asked.conversation_id)
    with pytest.raises(UnknownConversation):
        table.ask(table.cast.mei, "Hello", conversation_id=asked.conversation_id)
    counts = [table.count(name) for name in ("chat_messages", "chat_requests", "chat_tokens", "openai_usage")]
    assert counts == [0, 0, 0, 1]


def test_a_thumb_can_be_given_with_a_reason_and_taken_back(table: Table) -> None:
    asked = table.ask_and_hear(table.cast.mei, "Hello")

    table.assistant.rate(table.cast.mei, asked.message_id, Thumb.DOWN, "  Too long. ")
    down = table.message(table.cast.mei, asked)
    table.assistant.rate(table.cast.mei, asked.message_id, None)
    back = table.message(table.cast.mei, asked)

    assert (down.thumb, down.thumb_reason) == (Thumb.DOWN, "Too long.")
    assert (back.thumb, back.thumb_reason) == (None, None)


def test_only_answers_are_rated(table: Table) -> None:
    asked = table.ask(table.cast.mei, "/help")

    with pytest.raises(UnknownConversation):
        table.assistant.rate(table.cast.mei, asked.message_id, Thumb.UP)
    with pytest.raises(UnknownConversation):
        table.assistant.rate(table.cast.mei, uuid4(), Thumb.UP)
