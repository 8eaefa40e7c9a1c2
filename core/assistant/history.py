"""The earlier turns that go along: whole ones, the newest, as many as fit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from core.assistant.context import BYTES_PER_TOKEN
from core.assistant.message import Source
from core.meetings.records import RecordKind

MOST_TOKENS = 16_000
"""Room for two questions with a whole class's records, and their answers."""


@dataclass(frozen=True)
class Turn:
    """A question as it was sent, with its records, and the answer to it as far as it came."""

    question: str
    answer: str
    sources: Mapping[str, Source] = field(default_factory=dict)
    kinds: frozenset[RecordKind] = frozenset()
    """Of all records that the answer may tell of, those of earlier turns included."""

    @property
    def tokens(self) -> int:
        """Rather too many."""
        return -(-(len(self.question.encode()) + len(self.answer.encode())) // BYTES_PER_TOKEN)


def let_out(turns: Sequence[Turn], kinds: Collection[RecordKind]) -> list[Turn]:
    """Without those that may tell of records which stay here by now."""
    return [turn for turn in turns if turn.kinds <= frozenset(kinds)]


def within(turns: Sequence[Turn], most_tokens: int = MOST_TOKENS) -> tuple[Turn, ...]:
    """Oldest first; from the first that does not fit, counted from the end, none goes along."""
    kept: list[Turn] = []
    for turn in reversed(turns):
        most_tokens -= turn.tokens
        if most_tokens < 0:
            break
        kept.append(turn)
    return tuple(reversed(kept))
