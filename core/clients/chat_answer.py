"""A chat answer as it grows, read leniently: compatible servers leave out or repeat what OpenAI sends once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Clock = Callable[[], float]


class Ending(StrEnum):
    """How an answer ended of which something came, or which was stopped."""

    COMPLETE = "complete"
    LENGTH = "length"
    REFUSED = "refused"
    STOPPED = "stopped"
    BROKEN_OFF = "broken_off"
    SILENT = "silent"
    OUT_OF_TIME = "out_of_time"

    @property
    def is_cut_off(self) -> bool:
        """Whether the rest is missing although nobody wanted that."""
        return self in (Ending.BROKEN_OFF, Ending.SILENT, Ending.OUT_OF_TIME)


FINISHES = {"length": Ending.LENGTH, "max_tokens": Ending.LENGTH, "content_filter": Ending.REFUSED}
"""All other reasons to finish are good ones."""


@dataclass(frozen=True, kw_only=True)
class ChatEnd:
    """What came in all; without `usage` the cost has to be estimated from the request and `text`.

    `usage` is the provider's final count as it came. An answer that did not finish has none: counts that were sent
    on the way lag behind.
    """

    ending: Ending
    text: str
    refusal: str | None
    finish_reason: str | None
    usage: Mapping[str, Any] | None
    model: str | None
    request_id: str | None
    first_token_ms: int | None
    duration_ms: int


class GrowingAnswer:
    """Takes one chunk after the other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.started_at = self.heard_at = clock()
        self.length = 0
        self._text: list[str] = []
        self._refusal: list[str] = []
        self._finish_reason: str | None = None
        self._usage: Mapping[str, Any] | None = None
        self._model: str | None = None
        self._first_at: float | None = None

    @property
    def has_words(self) -> bool:
        return bool(self._text or self._refusal)

    @property
    def finish(self) -> Ending | None:
        """How the provider says that it ended; None as long as it says nothing."""
        if self._finish_reason is None:
            return None
        return Ending.REFUSED if self._refusal else FINISHES.get(self._finish_reason, Ending.COMPLETE)

    def take(self, chunk: Mapping[str, Any]) -> str:
        """The text that is new."""
        self._usage = _mapping(chunk.get("usage")) or self._usage
        self._model = self._model or _string(chunk.get("model")) or None
        choice = _first(chunk.get("choices"))
        delta = _mapping(choice.get("delta"))
        text, refusal = _storable(_string(delta.get("content"))), _storable(_string(delta.get("refusal")))
        self._note_words(text, refusal)
        self._note_finish(_string(choice.get("finish_reason")))
        return text

    def hear(self) -> None:
        """Silence counts from now."""
        self.heard_at = self._clock()

    def _note_words(self, text: str, refusal: str) -> None:
        self._text += [text] if text else []
        self._refusal += [refusal] if refusal else []
        if text or refusal:
            self.length += len(text) + len(refusal)
            self.hear()
            self._first_at = self.heard_at if self._first_at is None else self._first_at

    def _note_finish(self, reason: str) -> None:
        if reason:
            self._finish_reason = reason
            self.hear()

    def end(self, ending: Ending, *, request_id: str | None) -> ChatEnd:
        is_finished = self._finish_reason is not None
        return ChatEnd(
            ending=ending,
            text="".join(self._text),
            refusal="".join(self._refusal) or None,
            finish_reason=self._finish_reason,
            usage=self._usage if is_finished else None,
            model=self._model,
            request_id=request_id,
            first_token_ms=None if self._first_at is None else self._ms_until(self._first_at),
            duration_ms=self._ms_until(self._clock()),
        )

    def _ms_until(self, moment: float) -> int:
        return round(1000 * (moment - self.started_at))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(value: object) -> Mapping[str, Any]:
    return _mapping(value[0]) if isinstance(value, list) and value else {}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _storable(text: str) -> str:
    """Without what JSON can escape and Postgres can't keep: NUL and halves of surrogate pairs."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
