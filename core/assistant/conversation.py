"""A conversation as its writer sees it; nobody else ever does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from core.assistant.message import AnswerUsage, Kind, Message, Source


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
        return self._parts.get(message.id, (message,))

    @cached_property
    def _parts(self) -> Mapping[UUID, tuple[Message, ...]]:
        found: dict[UUID, tuple[Message, ...]] = {}
        before: tuple[Message, ...] = ()
        for message in self.messages:
            goes_on = before and before[-1].kind is message.kind is Kind.ANSWER
            before = found[message.id] = (*before, message) if goes_on else (message,)
        return found

    def continues(self, message: Message) -> bool:
        """Whether it goes on with the answer before it."""
        return len(self.parts(message)) > 1

    def is_continued(self, message: Message) -> bool:
        """Whether another part of the same answer stands behind it."""
        return any(len(parts) > 1 and parts[-2].id == message.id for parts in self._parts.values())

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
