"""A teacher's desk: answers written live over a database of the test's own, by the stand-in over loopback."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, text

from core.accounts.person import Person
from core.assistant.known_names import Kind
from core.assistant.live import LiveAnswers
from core.assistant.message import Source
from core.assistant.outgoing import Outgoing
from core.assistant.tokens import Token, Tokens
from core.clients.openai_chat import ChatMessage, ChatRequest, OpenAIChat, Patience
from core.clients.openai_client import build_openai
from core.db.engine import Database
from core.usage.prices import successor
from tests.cast import Cast
from tests.integration.assistant.scripted import ScriptedStandIn
from tests.integration.photos.studio import served, wait_until

MODEL = "gpt-6-luna"
HELD = Decimal("0.0123")

_SEND = text(
    "select private.send_chat(:thread, :question, :answer, 'How is Ana Lim doing?', '{}', :model, :held, 'chat', null,"
    " cast(:request as jsonb), '{}')"
)


class Clock:
    """Goes like any other until a test lets time pass: none waits for that, and a busy machine ends no answer."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self._ahead_s

    def let_pass(self, seconds: float) -> None:
        self._ahead_s += seconds


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Mei's, unless told otherwise."""

    database: Database
    owner: Connection
    cast: Cast
    stand_in: ScriptedStandIn
    live: LiveAnswers
    address: str
    """Of the provider."""
    clock: Clock = field(default_factory=Clock)
    """By which `live` is patient."""

    def tokens(self) -> Tokens:
        return Tokens([Token(Kind.STUDENT, 1, "", str(self.cast.ana), "Ana Lim")])

    def ask(
        self,
        words: str = "How is STUDENT_1 doing?",
        *,
        person: Person | None = None,
        live: LiveAnswers | None = None,
        sources: Mapping[str, Source] | None = None,
        model: str = MODEL,
        held: Decimal | None = HELD,
        max_tokens: int = 2000,
    ) -> UUID:
        """Sends it, in a conversation of its own; `live` is another process's."""
        person = person or self.cast.mei
        answer_id = self.reserve(person, model=model, held=held)
        request = ChatRequest(
            model=model, messages=(ChatMessage("user", words),), max_tokens=max_tokens, reasoning_effort="none"
        )
        (live or self.live).start(person, answer_id, Outgoing(request, self.tokens(), sources or {}))
        return answer_id

    def reserve(self, person: Person | None = None, *, model: str = MODEL, held: Decimal | None = HELD) -> UUID:
        """Everything that is there before an answer is written."""
        person, thread, answer_id = person or self.cast.mei, uuid4(), uuid4()
        request = {"body": {}, "sent_to": "the demo's stand-in", "kinds": [], "sources": {}}
        with self.database.as_person(person) as session:
            session.execute(
                text("insert into chat_threads (id, school_id, staff_id) values (:id, :school, :me)"),
                {"id": thread, "school": person.school_id, "me": person.staff_id},
            )
            session.execute(
                _SEND,
                {
                    "thread": thread,
                    "question": uuid4(),
                    "answer": answer_id,
                    "model": model,
                    "held": held,
                    "request": json.dumps(request),
                },
            )
        return answer_id

    def message(self, answer_id: UUID) -> Row[Any]:
        return self.owner.execute(text("select * from chat_messages where id = :id"), {"id": answer_id}).one()

    def attempts(self, answer_id: UUID) -> list[Row[Any]]:
        """The ledger's rows of an answer, oldest first."""
        statement = text("select * from openai_usage where message_id = :id order by attempt")
        return list(self.owner.execute(statement, {"id": answer_id}))

    def ended(self, answer_id: UUID) -> Row[Any]:
        """The answer's row once it has ended."""
        wait_until(lambda: self.message(answer_id).state != "writing")
        return self.message(answer_id)

    def shown(self, answer_id: UUID, *, live: LiveAnswers | None = None) -> str:
        """All that a page sees of it."""
        return "".join((live or self.live).tail(self.cast.mei, answer_id))

    def forget(self, answer_id: UUID) -> None:
        """The whole conversation."""
        with self.database.as_person(self.cast.mei) as session:
            session.execute(text("select private.forget_thread(:id)"), {"id": self.message(answer_id).thread_id})

    def run(self, statement: str, **values: object) -> None:
        self.owner.execute(text(statement), values)


@contextmanager
def writing(
    database: Database, address: str, *, patience: Patience | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[LiveAnswers]:
    """One process's answers, from the provider at this address."""
    with build_openai(api_key="sk-made-up", base_url=address) as client:
        chat = OpenAIChat(client, successor=successor, patience=patience, clock=clock)
        live = LiveAnswers(database=database, chat=chat, patience=patience)
        try:
            yield live
        finally:
            live.close(let_finish_s=0)


@contextmanager
def open_desk(database: Database, owner: Connection, cast: Cast, stand_in: ScriptedStandIn) -> Iterator[Desk]:
    """Ends with the proof that nobody was named in anything that left."""
    clock = Clock()
    with served(stand_in) as address, writing(database, address, clock=clock) as live:
        yield Desk(
            database=database, owner=owner, cast=cast, stand_in=stand_in, live=live, address=address, clock=clock
        )
