"""An assistant in memory, for pages that only ask and show."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from core.accounts.person import Person
from core.assistant.conversation import Asked, Conversation, Thread
from core.assistant.message import AnswerUsage, Kind, Message, Role, Source, State, Subject, Thumb
from core.assistant.sent import SentRequest
from core.assistant.whom import Candidate
from core.errors import AppError, UnknownConversation
from core.meetings.records import RecordKind, RecordRef

NOW = datetime.now(UTC)
USAGE = AnswerUsage("gpt-6-luna", 2140, 312, Decimal("0.0004"), "reported", 6100)


def a_source(label: str, student_id: UUID, kind: RecordKind = RecordKind.RESULT) -> Source:
    return Source(RecordRef(kind, uuid4(), student_id, date(2026, 11, 12)), label)


def a_question(text: str, **more: Any) -> Message:
    return _message(Role.TEACHER, Kind.QUESTION, text, **more)


def an_answer(text: str, **more: Any) -> Message:
    return _message(Role.ASSISTANT, Kind.ANSWER, text, **{"usage": USAGE, **more})


def a_reply(kind: Kind, text: str, **more: Any) -> Message:
    """What the app itself says."""
    return _message(Role.ASSISTANT, kind, text, **more)


def _message(role: Role, kind: Kind, text: str, **more: Any) -> Message:
    facts: dict[str, Any] = {"id": uuid4(), "state": State.DONE, "created_at": NOW}
    return Message(role=role, kind=kind, text=text, **(facts | more))


@dataclass
class FakeAssistant:
    """Answers with `says`, piece by piece; what it was asked is noted in `asked`."""

    says: str = "All is well."
    pause_s: float = 0.0
    silence_s: float = 0.0
    refuses: AppError | None = None
    sources: dict[str, Source] = field(default_factory=dict)
    threads: dict[UUID, Thread] = field(default_factory=dict)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    rated: list[tuple[UUID, Thumb | None, str]] = field(default_factory=list)
    request: SentRequest | None = None
    _begun: dict[UUID, float] = field(default_factory=dict)

    def keep(self, title: str, *messages: Message, updated_at: datetime | None = None) -> UUID:
        """A conversation as it is after these."""
        conversation = Conversation(uuid4(), title, updated_at or datetime.now(UTC))
        self.threads[conversation.id] = Thread(conversation, messages)
        return conversation.id

    def conversations(self, _person: Person, search: str = "") -> list[Conversation]:
        found = [one.conversation for one in self.threads.values() if search.lower() in one.conversation.title.lower()]
        return sorted(found, key=lambda one: one.updated_at, reverse=True)

    def thread(self, _person: Person, conversation_id: UUID) -> Thread:
        if conversation_id not in self.threads:
            raise UnknownConversation
        thread = self.threads[conversation_id]
        return replace(thread, messages=tuple(map(self._now, thread.messages)))

    def ask(
        self, person: Person, text: str, *, conversation_id: UUID | None = None, subject: Subject | None = None
    ) -> Asked:
        self._note("ask", text, conversation_id, subject)
        thread_id = conversation_id or self.keep(text)
        return self._begin(person, thread_id, a_question(text), subject)

    def choose(self, _person: Person, message_id: UUID, candidate: Candidate) -> Asked:
        return self._noted("choose", message_id, candidate)

    def ask_again(self, _person: Person, message_id: UUID) -> Asked:
        return self._noted("ask_again", message_id)

    def ask_instead(self, _person: Person, question_id: UUID, text: str) -> Asked:
        return self._noted("ask_instead", question_id, text)

    def go_on(self, _person: Person, message_id: UUID) -> Asked:
        return self._noted("go_on", message_id)

    def stop(self, _person: Person, message_id: UUID) -> None:
        self.asked.append(("stop", message_id))
        self._change(message_id, state=State.STOPPED, text=self._text(message_id)[0])

    def tail(self, _person: Person, message_id: UUID) -> Iterator[str]:
        shown = 0
        while True:
            text, is_over = self._text(message_id)
            yield text[shown:]
            shown = len(text)
            if is_over:
                self._end(message_id, text)
                return
            time.sleep(0.08)

    def rate(self, _person: Person, message_id: UUID, thumb: Thumb | None, reason: str = "") -> None:
        self.rated.append((message_id, thumb, reason))

    def rename(self, _person: Person, conversation_id: UUID, title: str) -> None:
        thread = self.threads[conversation_id]
        self.threads[conversation_id] = replace(thread, conversation=replace(thread.conversation, title=title))

    def forget(self, _person: Person, conversation_id: UUID) -> None:
        del self.threads[conversation_id]

    def sent(self, _person: Person, _message_id: UUID) -> SentRequest | None:
        return self.request

    def _begin(self, _person: Person, thread_id: UUID, question: Message, subject: Subject | None) -> Asked:
        answer = an_answer("", state=State.WRITING, usage=None, subject=subject, records=12, students=4)
        self._begun[answer.id] = time.monotonic() + self.silence_s
        thread = self.threads[thread_id]
        self.threads[thread_id] = replace(thread, messages=(*thread.messages, question, answer))
        return Asked(thread_id, answer.id)

    def _text(self, message_id: UUID) -> tuple[str, bool]:
        """So far, and whether that is all."""
        message = self._message(message_id)
        if not message.is_writing:
            return message.text, True
        if not self.pause_s:
            return self.says, True
        passed = max(0.0, time.monotonic() - self._begun[message_id])
        many = int(passed / self.pause_s)
        return self.says[:many], many >= len(self.says)

    def _now(self, message: Message) -> Message:
        return replace(message, text=self._text(message.id)[0]) if message.is_writing else message

    def _end(self, message_id: UUID, text: str) -> None:
        if self._message(message_id).is_writing:
            self._change(message_id, state=State.DONE, text=text, usage=USAGE, sources=self.sources)

    def _message(self, message_id: UUID) -> Message:
        return next(m for thread in self.threads.values() for m in thread.messages if m.id == message_id)

    def _change(self, message_id: UUID, **more: Any) -> None:
        for thread_id, thread in self.threads.items():
            messages = tuple(replace(m, **more) if m.id == message_id else m for m in thread.messages)
            self.threads[thread_id] = replace(thread, messages=messages)

    def _note(self, *what: Any) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.asked.append(what)

    def _noted(self, verb: str, message_id: UUID, *more: Any) -> Asked:
        self._note(verb, message_id, *more)
        thread = next(one for one in self.threads.values() if message_id in {message.id for message in one.messages})
        return Asked(thread.conversation.id, message_id)
