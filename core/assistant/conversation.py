"""A conversation as its writer sees it; nobody else ever does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile
from uuid import UUID

from core.assistant.commands import Name
from core.assistant.whom import About, Candidate
from core.meetings.records import RecordKind, RecordRef


class Role(StrEnum):
    """Who says it."""

    TEACHER = "user"
    ASSISTANT = "assistant"


class Kind(StrEnum):
    """What a message is; only questions and answers ever reach a model, the others are said by the app itself."""

    QUESTION = "question"
    ANSWER = "answer"
    HELP = "help"
    UNKNOWN = "unknown"
    WHICH = "which"


class State(StrEnum):
    """Where an answer is; every other message is done."""

    WRITING = "writing"
    DONE = "done"
    STOPPED = "stopped"
    CUT_OFF = "cut_off"
    REFUSED = "refused"
    FAILED = "failed"

    def may_go_on(self, written: str, *, continues: bool = False) -> bool:
        """Whether there is something to continue: without a word a model could only ask what.

        `continues` is whether words of the same answer stand before it.
        """
        if continues and self is State.FAILED:
            return True
        return self in (State.STOPPED, State.CUT_OFF) and (continues or bool(written.strip()))


class Thumb(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Subject:
    """The class or student that a command is about."""

    kind: About
    id: UUID
    name: str


@dataclass(frozen=True)
class Source:
    """A record that was sent; `label` says which without a name, such as "Mathematics"."""

    record: RecordRef
    label: str


@dataclass(frozen=True)
class AnswerUsage:
    """What an answer took; `cost_usd` is None where no price is known, `cost_source` as in the ledger."""

    model: str
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_usd: Decimal | None
    cost_source: str | None
    duration_ms: int | None


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message; names stand in `text` as the school writes them, citations as [r7]."""

    id: UUID
    role: Role
    kind: Kind
    state: State
    text: str
    created_at: datetime
    command: Name | None = None
    subject: Subject | None = None
    choices: tuple[Candidate, ...] = ()
    """For "which": whom it may have meant."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    """Of an answer that ended: the cited records by their marks, in the order in which they are cited."""
    removed_citations: int = 0
    records: int = 0
    """Facts that were sent along with the question."""
    students: int = 0
    left_out: int = 0
    """Facts for which there was no room."""
    held_back: Mapping[RecordKind, int] = field(default_factory=dict)
    """Facts that stayed here, since the school does not let their kind out."""
    note: str | None = None
    """Why it ended as it did, in one sentence that a person can act on."""
    usage: AnswerUsage | None = None
    thumb: Thumb | None = None
    thumb_reason: str | None = None

    @property
    def is_writing(self) -> bool:
        return self.state is State.WRITING


@dataclass(frozen=True)
class Conversation:
    """One line of the sidebar."""

    id: UUID
    title: str
    updated_at: datetime
    class_id: UUID | None = None


@dataclass(frozen=True)
class Thread:
    """A conversation with its messages, oldest first; what was edited away is not among them."""

    conversation: Conversation
    messages: tuple[Message, ...]
    replaced: tuple[AnswerUsage, ...] = ()
    """What the answers took that were edited away or written anew: it was paid for all the same."""

    @property
    def writing(self) -> Message | None:
        """The answer that is being written; there is one at most."""
        return next((message for message in self.messages if message.is_writing), None)

    def parts(self, message: Message) -> tuple[Message, ...]:
        """An answer from its beginning to this message: one that went on without a question reads as one."""
        earlier = list(takewhile(lambda one: one.id != message.id, self.messages))
        before = takewhile(lambda one: one.kind is message.kind is Kind.ANSWER, reversed(earlier))
        return (*reversed(list(before)), message)

    def continues(self, message: Message) -> bool:
        """Whether it goes on with the answer before it."""
        return len(self.parts(message)) > 1

    def is_continued(self, message: Message) -> bool:
        """Whether another part of the same answer stands behind it."""
        return any(self.parts(later)[-2:-1] == (message,) for later in self.messages)

    def sources(self, message: Message) -> dict[str, Source]:
        """The records that an answer cites until the end of this part, in the order in which they are cited."""
        return {mark: source for part in self.parts(message) for mark, source in part.sources.items()}

    def numbers(self, message: Message) -> dict[str, int]:
        """Of these records by their marks; from 1 in each answer."""
        return {mark: number for number, mark in enumerate(self.sources(message), 1)}

    def may_go_on(self, message: Message) -> bool:
        """Only the last answer, since a model takes "Continue" to mean that."""
        answers = [one for one in self.messages if one.kind is Kind.ANSWER]
        is_last = answers[-1:] == [message]
        return is_last and message.state.may_go_on(message.text, continues=self.continues(message))

    @property
    def usages(self) -> tuple[AnswerUsage, ...]:
        """With those of replaced answers."""
        return (*(one.usage for one in self.messages if one.usage is not None), *self.replaced)

    @property
    def cost_usd(self) -> Decimal:
        """Of what is priced."""
        return _sum(self.usages)

    @property
    def replaced_cost_usd(self) -> Decimal:
        return _sum(self.replaced)


def _sum(usages: Iterable[AnswerUsage]) -> Decimal:
    return sum((usage.cost_usd for usage in usages if usage.cost_usd), Decimal(0))


@dataclass(frozen=True)
class Asked:
    """Where a question went; `message_id` is the answer's, or that of what the app itself replied."""

    conversation_id: UUID
    message_id: UUID


@dataclass(frozen=True)
class Replacement:
    """What a token stands for, as "What was sent" shows it."""

    token: str
    text: str


@dataclass(frozen=True)
class SentRequest:
    """The request exactly as it left, with what its tokens stand for; for its writer alone."""

    sent_at: datetime
    sent_to: str
    """The provider's host, or "the demo's stand-in"."""
    body: Mapping[str, object]
    """The SDK's keyword arguments."""
    message: str
    """The last message of it."""
    kinds: tuple[str, ...]
    replaced: tuple[Replacement, ...]
