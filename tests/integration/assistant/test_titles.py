"""A conversation's title follows its first question until somebody gives it another."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from core.assistant.message import Role
from core.db.engine import Database
from tests.cast import Cast, enrol
from tests.integration.assistant.notebook import Table, open_table


@pytest.fixture
def table(database: Database, owner: Connection, cast: Cast) -> Iterator[Table]:
    enrol(owner, cast.integrity, "Bala Kumar")
    table = open_table(database, owner, cast)
    yield table
    table.assert_nobody_named()


def title(table: Table) -> str:
    [one] = table.assistant.conversations(table.cast.mei)
    return one.title


def test_it_follows_the_first_question_where_that_is_edited(table: Table) -> None:
    asked = table.ask_and_hear(table.cast.mei, "/progress Ana Lim")
    messages = table.assistant.thread(table.cast.mei, asked.conversation_id).messages
    question = next(one for one in messages if one.role is Role.TEACHER)

    table.assistant.ask_instead(table.cast.mei, question.id, "/progress Bala Kumar")

    assert title(table) == "Progress of Bala Kumar"


def test_it_waits_for_the_first_question_that_is_sent(table: Table) -> None:
    asked = table.ask(table.cast.mei, "/help")

    table.ask(table.cast.mei, "/ptm Ana Lim", conversation_id=asked.conversation_id)

    assert title(table) == "Meeting about Ana Lim"


def test_it_stays_here_with_the_names_in_it_when_the_talk_goes_on(table: Table) -> None:
    asked = table.ask(table.cast.mei, "/help")
    table.ask_and_hear(table.cast.mei, "/ptm Ana Lim", conversation_id=asked.conversation_id)

    last = table.ask(table.cast.mei, "/progress Bala Kumar", conversation_id=asked.conversation_id)

    assert title(table) == "Meeting about Ana Lim"
    assert "Meeting about" not in "".join(table.sent(last))
    assert table.sent(last)[-1].endswith("Request: /progress STUDENT_2")


def test_one_that_was_given_by_hand_stays(table: Table) -> None:
    asked = table.ask(table.cast.mei, "/help")
    table.assistant.rename(table.cast.mei, asked.conversation_id, "My own")

    table.ask(table.cast.mei, "/ptm Ana Lim", conversation_id=asked.conversation_id)

    assert title(table) == "My own"
