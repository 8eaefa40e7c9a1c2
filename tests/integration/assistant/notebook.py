"""An assistant whose answers are written by the test: what would have been sent is kept, and nothing leaves."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.assistant.conversation import Asked
from core.assistant.drafting import ChatChoice
from core.assistant.message import Message
from core.assistant.outgoing import Outgoing
from core.assistant.sending import Terms
from core.assistant.service import Assistant
from core.db.engine import Database
from tests.cast import Cast
from tests.integration.assistant.recorder import leaks

TERMS = Terms(
    choice=ChatChoice(model="gpt-6-luna", max_tokens=2000, reasoning_effort="none"),
    sent_to="api.openai.com",
    by_stand_in=True,
)
_END = text("select private.end_answer(:answer, :state, :text, '{}', cast(:settlement as jsonb))")
_SETTLED = json.dumps({"attempt": 1, "state": "settled", "cost_usd": "0.0004", "cost_source": "reported"})


@dataclass
class Notebook:
    """In the place of the answers that are written live."""

    database: Database
    begun: dict[UUID, Outgoing] = field(default_factory=dict)
    is_closing = False

    def start(self, person: Person, answer_id: UUID, outgoing: Outgoing) -> None:  # noqa: ARG002 - as the real ones
        self.begun[answer_id] = outgoing

    def stop(self, person: Person, answer_id: UUID) -> None:
        self.end(person, answer_id, "", state="stopped")

    def tail(self, person: Person, answer_id: UUID) -> Iterator[str]:  # noqa: ARG002 - as the real ones
        yield from ()

    def end(self, person: Person, answer_id: UUID, words: str, *, state: str = "done") -> None:
        with self.database.as_person(person) as session:
            session.execute(_END, {"answer": answer_id, "state": state, "text": words, "settlement": _SETTLED})


@dataclass(frozen=True, kw_only=True)
class Table:
    """Where a person asks, and what came of it."""

    database: Database
    owner: Connection
    cast: Cast
    notebook: Notebook
    assistant: Assistant

    def ask(self, person: Person, words: str, **known: Any) -> Asked:
        return self.assistant.ask(person, words, **known)

    def ask_and_hear(self, person: Person, words: str, answer: str = "Well.", **known: Any) -> Asked:
        asked = self.ask(person, words, **known)
        self.notebook.end(person, asked.message_id, answer)
        return asked

    def sent(self, asked: Asked) -> list[str]:
        """The messages of the request."""
        return [message.content for message in self.notebook.begun[asked.message_id].request.messages]

    def message(self, person: Person, asked: Asked) -> Message:
        messages = self.assistant.thread(person, asked.conversation_id).messages
        return next(message for message in messages if message.id == asked.message_id)

    def count(self, table: str) -> int:
        return int(self.owner.scalar(text(f"select count(*) from {table}")) or 0)

    def run(self, statement: str, **values: object) -> None:
        self.owner.execute(text(statement), values)

    def assert_nobody_named(self) -> None:
        leaked = leaks([outgoing.request.parameters() for outgoing in self.notebook.begun.values()], self.owner)
        assert leaked == []


def open_table(database: Database, owner: Connection, cast: Cast, terms: Terms = TERMS) -> Table:
    notebook = Notebook(database)
    return Table(
        database=database,
        owner=owner,
        cast=cast,
        notebook=notebook,
        assistant=Assistant(database=database, live=notebook, terms=terms),
    )


UNPRICED = Terms(choice=ChatChoice(model="a-model-of-ours", max_tokens=2000), sent_to="ours.example", by_stand_in=False)
LIMITED = Terms(choice=TERMS.choice, sent_to="api.openai.com", by_stand_in=False, spend_limit_usd=Decimal("0.0000001"))
