"""One message of a conversation: who says it, how it ended, what it cites and what it took."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
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
    by_stand_in: bool = False
    """The demo answered, and nobody pays what it would cost."""


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
