"""A person's conversation, driven by the database's own functions in transactions as that person."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database

REQUEST = {
    "body": {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "How is STUDENT_1 doing?"}]},
    "sent_to": "api.openai.com",
    "kinds": ["attendance", "result"],
    "sources": {"r1": {"kind": "result", "label": "Mathematics"}},
}
DETAILS = {
    "command": "progress",
    "subject": {"kind": "student", "id": "s-1", "name": "Ana Lim"},
    "records": 12,
    "students": 1,
    "left_out": 3,
}
REPORTED = {
    "attempt": 1,
    "state": "settled",
    "cost_usd": "0.0004",
    "cost_source": "reported",
    "rates": {"input": "0.10"},
    "prompt_tokens": 2140,
    "completion_tokens": 312,
    "total_tokens": 2452,
    "error": None,
    "response_data": {"finish_reason": "stop"},
    "duration_ms": 6000,
    "first_token_ms": 400,
}
RELEASED = {"attempt": 1, "state": "released"}
_SEND = """
    private.send_chat(
        :thread, :question, :answer, 'How is Ana doing?', cast(:details as jsonb), 'gpt-6-luna', cast(:held as numeric),
        'progress', cast(:class as uuid), cast(:request as jsonb), cast(:request_data as jsonb)
    )
"""


def call(database: Database, person: Person, function: str, **values: object) -> Any:
    """What a function answers to this person; dicts and lists go as JSON."""
    plain = {name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in values.items()}
    with database.as_person(person) as session:
        return session.scalar(text(f"select {function}"), plain)


@dataclass(frozen=True)
class Talk:
    """A conversation; `by` lets somebody else try the same."""

    database: Database
    person: Person
    thread: UUID

    def by(self, person: Person) -> "Talk":
        return replace(self, person=person)

    def call(self, function: str, **values: object) -> Any:
        return call(self.database, self.person, function, **values)

    def send(self, answer: UUID, **changes: object) -> datetime | None:
        """Null when it was sent, else when a slot opens."""
        values: dict[str, object] = {
            "thread": self.thread,
            "question": uuid4(),
            "answer": answer,
            "details": DETAILS,
            "held": "0.002",
            "class": None,
            "request": REQUEST,
            "request_data": {"by_stand_in": True},
        }
        opens: datetime | None = self.call(_SEND, **{**values, **changes})
        return opens

    def ask(self, **changes: object) -> UUID:
        """The id of an answer that is being written."""
        answer = uuid4()
        assert self.send(answer, **changes) is None
        return answer

    def save(self, answer: UUID, words: str = "Ana") -> str:
        return str(self.call("private.save_answer(:answer, :words)", answer=answer, words=words))

    def end(
        self,
        answer: UUID,
        how: str = "done",
        /,
        *,
        words: str = "Ana reads well [r1].",
        details: dict[str, Any] | None = None,
        **settlement: object,
    ) -> None:
        self.call(
            "private.end_answer(:answer, :state, :words, cast(:details as jsonb), cast(:settlement as jsonb))",
            answer=answer,
            state=how,
            words=words,
            details=details or {},
            settlement={**REPORTED, **settlement},
        )

    def note(self, **changes: object) -> UUID:
        """A question that the app answers by itself; the id of its reply."""
        reply = uuid4()
        values: dict[str, object] = {"question": uuid4(), "kind": "help", "choices": [], "command": None}
        self.call(
            "private.note_turn("
            ":thread, cast(:question as uuid), '/help', :reply, :kind, 'These are the commands.',"
            " cast(:choices as jsonb), cast(:command as text))",
            **{"thread": self.thread, "reply": reply, **values, **changes},
        )
        return reply

    def forget(self) -> None:
        self.call("private.forget_thread(:thread)", thread=self.thread)


def start_talk(database: Database, person: Person, title: str = "Meeting about Ana") -> Talk:
    with database.as_person(person) as session:
        thread = session.scalar(
            text("insert into chat_threads (school_id, staff_id, title) values (:school, :me, :title) returning id"),
            {"school": person.school_id, "me": person.staff_id, "title": title},
        )
    assert isinstance(thread, UUID)
    return Talk(database, person, thread)


def fall_silent(owner: Connection, answer: UUID, seconds: int = 16) -> None:
    """As if the process that writes the answer had ended then."""
    owner.execute(
        text("update chat_messages set heartbeat_at = now() - make_interval(secs => :s) where id = :id"),
        {"s": seconds, "id": answer},
    )


def attempts(owner: Connection, answer: UUID) -> list[tuple[Any, ...]]:
    """Number, state, cost's source and cost of each attempt."""
    return [
        tuple(row)
        for row in owner.execute(
            text(
                "select attempt, state, cost_source, estimated_cost from openai_usage"
                " where message_id = :id order by attempt"
            ),
            {"id": answer},
        )
    ]


def state(owner: Connection, answer: UUID) -> tuple[str, str] | None:
    """State and text of a message, if it is there."""
    row = owner.execute(text("select state, text from chat_messages where id = :id"), {"id": answer}).one_or_none()
    return None if row is None else (row.state, row.text)


def count(owner: Connection, table: str) -> int:
    return int(owner.scalar(text(f"select count(*) from {table}")) or 0)
