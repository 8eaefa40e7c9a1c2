"""Answers follow the school's choices: the model with its effort and price, and the kinds of records that may leave."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, text

from core.assistant.letting_out import LettingOut
from core.db.engine import Database
from core.errors import DemoSpendLimitReached, NothingToContinue, TooManyMessages
from core.meetings.records import RecordKind
from core.settings import ReasoningEffort
from core.usage.entered_prices import EnteredPrice
from core.usage.limits_by_hand import Limits, Rule
from core.usage.report import Series
from core.usage.school_models import Models
from tests.cast import Cast
from tests.integration.assistant.desk import Desk
from tests.integration.assistant.notebook import LIMITED, Table, open_table
from tests.integration.db.records import record_everything
from tests.usual_models import USUAL

OURS = EnteredPrice(model="gpt-6.2-sol", input_usd=Decimal(4), output_usd=Decimal(20), source="our contract")


@pytest.fixture
def table(database: Database, owner: Connection, cast: Cast) -> Iterator[Table]:
    table = open_table(database, owner, cast)
    record_everything(owner, cast)
    table.run("update results set recorded_on = current_date - 3")
    yield table
    table.assert_nobody_named()


@pytest.fixture
def models(database: Database) -> Models:
    return Models(database=database, usual=USUAL)


def choose(models: Models, table: Table, model: str, effort: ReasoningEffort) -> None:
    models.choose_chat(table.cast.siti, model, effort, datetime.now(UTC))


def test_the_next_request_names_the_chosen_model_and_effort_in_all_that_is_written_down(
    table: Table, models: Models
) -> None:
    table.ask(table.cast.mei, "Hello")
    choose(models, table, "gpt-6.1-terra", ReasoningEffort.HIGH)
    asked = table.ask(table.cast.mei, "Hello again")

    request = table.notebook.begun[asked.message_id].request
    assert (request.model, request.reasoning_effort) == ("gpt-6.1-terra", "high")
    bodies = list(table.owner.scalars(text("select body from chat_requests where body ? 'model' order by created_at")))
    assert [(body["model"], body["reasoning_effort"]) for body in bodies] == [
        ("gpt-6-luna", "none"),
        ("gpt-6.1-terra", "high"),
    ]
    held: dict[str, Decimal] = dict(table.owner.execute(text("select model, held_cost from openai_usage")).all())
    # The same words at ten times the price.
    assert held["gpt-6.1-terra"] == pytest.approx(held["gpt-6-luna"] * 10, rel=Decimal("0.01"))

    choose(models, table, "gpt-4o-mini", ReasoningEffort.OMIT)
    asked = table.ask(table.cast.mei, "And now")
    assert "reasoning_effort" not in table.notebook.begun[asked.message_id].request.parameters()


def test_a_price_by_hand_is_held_before_and_settled_after(desk: Desk, models: Models) -> None:
    siti = desk.cast.siti
    table = open_table(desk.database, desk.owner, desk.cast)
    models.enter_price(siti, OURS)
    models.choose_chat(siti, OURS.model, ReasoningEffort.NONE, datetime.now(UTC))
    asked = table.ask(desk.cast.mei, "Hello")
    [held] = desk.attempts(asked.message_id)
    assert held.held_cost > Decimal("0.04")

    desk.live.start(desk.cast.mei, asked.message_id, table.notebook.begun[asked.message_id])
    desk.ended(asked.message_id)

    [row] = desk.attempts(asked.message_id)
    assert row.rates["output_mtok"] == "20.0000000000"
    assert row.estimated_cost == (4 * row.prompt_tokens + 20 * row.completion_tokens) / Decimal(1_000_000)


def test_a_price_that_a_visitor_of_a_demo_entered_does_not_stand_for_what_the_demo_may_spend(
    database: Database, owner: Connection, cast: Cast, models: Models
) -> None:
    owner.execute(text("update schools set kind = 'demo'"))
    table = open_table(database, owner, cast, replace(LIMITED, spend_limit_usd=Decimal(1000)))
    models.enter_price(cast.siti, replace(OURS, input_usd=Decimal(0), output_usd=Decimal(0)))
    table.ask(cast.mei, "Hello")
    choose(models, table, OURS.model, ReasoningEffort.NONE)

    with pytest.raises(DemoSpendLimitReached):
        table.ask(cast.mei, "Hello again")
    assert table.count("openai_usage") == 1


def test_a_kind_that_was_switched_off_does_not_leave_with_an_earlier_turn_either(table: Table) -> None:
    mei, letting_out = table.cast.mei, LettingOut(database=table.database)
    hello = table.ask_and_hear(mei, "Good morning", answer="Good morning.")
    here: dict[str, Any] = {"conversation_id": hello.conversation_id}
    table.ask_and_hear(mei, "/progress Ana", answer="English went well [r2].", **here)
    assert "English, WA1" in json.dumps(table.sent(table.ask_and_hear(mei, "Go on about her", **here)))

    broken = table.ask(mei, "/progress Ana", **here)
    table.notebook.end(mei, broken.message_id, "English fell", state="stopped")
    letting_out.change(table.cast.siti, [RecordKind.ATTENDANCE])
    with pytest.raises(NothingToContinue):
        table.assistant.go_on(mei, broken.message_id)
    after = json.dumps(table.sent(table.ask_and_hear(mei, "Write one sentence", **here)))
    assert "English, WA1" not in after
    assert "English went well" not in after
    assert "Good morning" in after

    letting_out.change(
        table.cast.siti, [RecordKind.ATTENDANCE, RecordKind.RESULT, RecordKind.OBSERVATION, RecordKind.NOTE]
    )
    assert "English, WA1" in json.dumps(table.sent(table.ask(mei, "Once more", **here)))


def test_a_lower_limit_refuses_the_very_next_question(table: Table) -> None:
    table.ask(table.cast.mei, "Hello")
    Limits(database=table.database).set(table.cast.siti, Series.CHAT, Rule(1, Decimal(600), Decimal(0)))

    with pytest.raises(TooManyMessages):
        table.ask(table.cast.mei, "Hello again")
