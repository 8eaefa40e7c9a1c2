"""The assistant, for one person at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from core.accounts.person import Person
from core.assistant import threads, turns
from core.assistant.conversation import Asked, Conversation, Thread
from core.assistant.message import Subject, Thumb
from core.assistant.outgoing import Outgoing
from core.assistant.sending import Put, Terms, Writer
from core.assistant.sent import SentRequest, sent_request
from core.assistant.whom import Candidate
from core.db.engine import Database
from core.errors import ServerRestarting

CONTINUE = "Continue exactly where your answer broke off, and repeat nothing."


class Live(Protocol):
    """The answers that this process writes."""

    @property
    def is_closing(self) -> bool: ...

    def start(self, person: Person, answer_id: UUID, outgoing: Outgoing) -> None: ...

    def stop(self, person: Person, answer_id: UUID) -> None: ...

    def tail(self, person: Person, answer_id: UUID) -> Iterator[str]: ...


@dataclass(frozen=True, kw_only=True)
class Assistant:
    """Asks in the person's name, and shows them what they asked; nobody else ever sees it.

    What asks raises TooManyMessages, AnswerUnderWay, StillPersonal, DemoSpendLimitReached, QuestionTooLong,
    UnknownConversation, UnknownStudent, NotAllowed or ServerRestarting, and then nothing was sent, paid or written.
    """

    database: Database
    live: Live
    terms: Terms

    def conversations(self, person: Person, search: str = "") -> list[Conversation]:
        """Newest first; `search` looks into titles and texts."""
        with self.database.as_person(person) as session:
            return threads.conversations(session, search)

    def thread(self, person: Person, conversation_id: UUID) -> Thread:
        """Raises UnknownConversation."""
        with self.database.as_person(person) as session:
            return threads.thread(session, conversation_id)

    def ask(
        self, person: Person, text: str, *, conversation_id: UUID | None = None, subject: Subject | None = None
    ) -> Asked:
        """None starts a conversation; `subject` where whom it is about is known already."""
        with self._writing(person) as writer:
            put = writer.put(text.strip(), thread_id=conversation_id, subject=subject)
        return self._begun(person, put)

    def choose(self, person: Person, message_id: UUID, candidate: Candidate) -> Asked:
        """The answer to "which?"."""
        with self._writing(person) as writer:
            put = turns.choose(writer, message_id, candidate)
        return self._begun(person, put)

    def ask_again(self, person: Person, message_id: UUID) -> Asked:
        """Writes that answer anew, from its beginning; it and what followed are set aside."""
        with self._writing(person) as writer:
            put = turns.ask_again(writer, message_id)
        return self._begun(person, put)

    def ask_instead(self, person: Person, question_id: UUID, text: str) -> Asked:
        """Another question in the place of that one; it and what followed are set aside."""
        with self._writing(person) as writer:
            put = turns.ask_instead(writer, question_id, text.strip())
        return self._begun(person, put)

    def go_on(self, person: Person, message_id: UUID) -> Asked:
        """The rest of that answer, as another part of it."""
        with self._writing(person) as writer:
            put = turns.go_on(writer, message_id, CONTINUE)
        return self._begun(person, put)

    def stop(self, person: Person, message_id: UUID) -> None:
        self.live.stop(person, message_id)

    def tail(self, person: Person, message_id: UUID) -> Iterator[str]:
        """The text so far, then pieces as they come, and "" in between so that a page can be interrupted."""
        return self.live.tail(person, message_id)

    def rate(self, person: Person, message_id: UUID, thumb: Thumb | None, reason: str = "") -> None:
        with self.database.as_person(person) as session:
            threads.rate(session, message_id, thumb, reason)

    def rename(self, person: Person, conversation_id: UUID, title: str) -> None:
        with self.database.as_person(person) as session:
            threads.rename(session, conversation_id, title)

    def forget(self, person: Person, conversation_id: UUID) -> None:
        """Its texts are gone for good; what it cost stays in the ledger."""
        with self.database.as_person(person) as session:
            threads.forget(session, conversation_id)

    def sent(self, person: Person, message_id: UUID) -> SentRequest | None:
        """The request for that answer; None for what the app itself said."""
        with self.database.as_person(person) as session:
            return sent_request(session, message_id)

    @contextmanager
    def _writing(self, person: Person) -> Iterator[Writer]:
        if self.live.is_closing:
            raise ServerRestarting
        with self.database.as_person(person) as session:
            yield Writer(session, person, self.terms)

    def _begun(self, person: Person, put: Put) -> Asked:
        """Committed: from here on the request may leave."""
        if put.outgoing is not None:
            self.live.start(person, put.asked.message_id, put.outgoing)
        return put.asked
