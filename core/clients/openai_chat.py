"""One paid chat answer: sent once, streamed, bounded by the wall clock, stoppable while the provider is silent."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast

from openai import OpenAI, Stream
from openai.types.chat import ChatCompletionChunk

from core.clients.chat_answer import ChatEnd, Clock, Ending, GrowingAnswer
from core.clients.chat_reading import Ended, Reading
from core.clients.openai_client import timeouts
from core.clients.openai_errors import provider_error
from core.errors import NoAnswer, ProviderError

LOOK_EVERY_S = 0.1
MOST_CHARACTERS = 1_000_000
"""Far beyond any token limit: a server that ignores it must not fill the memory."""


@dataclass(frozen=True)
class ChatMessage:
    """One turn as it is sent."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, kw_only=True)
class ChatRequest:
    """What is sent; what is None is left out, since some compatible servers refuse it."""

    model: str
    messages: tuple[ChatMessage, ...]
    max_tokens: int
    reasoning_effort: str | None = None
    safety_id: str | None = None
    with_usage: bool = True

    def parameters(self) -> dict[str, Any]:
        """Keyword arguments of the SDK, as they go over the wire."""
        optional = {
            "stream_options": {"include_usage": True} if self.with_usage else None,
            "reasoning_effort": self.reasoning_effort,
            "safety_identifier": self.safety_id,
        }
        return {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in self.messages],
            "max_completion_tokens": self.max_tokens,
            "stream": True,
            **{name: value for name, value in optional.items() if value is not None},
        }


@dataclass(frozen=True)
class Patience:
    """Seconds without text, in all, and for the count of tokens after the last word."""

    silence_s: float = 20.0
    deadline_s: float = 120.0
    usage_s: float = 5.0


class OpenAIChat:
    """Chat answers over one SDK client; may be used by many threads at once."""

    def __init__(
        self,
        client: OpenAI,
        *,
        successor: Callable[[str], str | None] = lambda _: None,
        patience: Patience | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._client = client
        self._successor = successor
        self._patience = patience or Patience()
        self._clock = clock

    def stream(
        self, request: ChatRequest, *, on_text: Callable[[str], None], stop: Callable[[], bool] = lambda: False
    ) -> ChatEnd:
        """Send the request once and hand over its text in this thread as it comes, until it ends one way or another.

        `stop` is asked ten times a second and before each piece: it must be quick.
        Raises a ProviderError where not a word came; from then on the end is told by what is returned.
        """
        answer = GrowingAnswer(self._clock)
        reading = Reading(lambda: self._open(request))
        try:
            ending = self._follow(reading, answer, on_text, stop)
        finally:
            reading.give_up()
        if ending.is_cut_off and not answer.has_words:
            raise self._failure(reading, request) from reading.error
        return answer.end(ending, request_id=reading.request_id)

    def _open(self, request: ChatRequest) -> Stream[ChatCompletionChunk]:
        # A little more than the silence that is watched for outside: that one counts text, not bytes.
        patience = timeouts(read_s=self._patience.silence_s + 5)
        opened = self._client.chat.completions.create(**request.parameters(), timeout=patience)
        # The SDK's overloads lose the stream's type once the arguments come from a dict.
        return cast("Stream[ChatCompletionChunk]", opened)

    def _follow(
        self, reading: Reading, answer: GrowingAnswer, on_text: Callable[[str], None], stop: Callable[[], bool]
    ) -> Ending:
        while not stop():
            piece = reading.next(LOOK_EVERY_S)
            if isinstance(piece, Ended):
                return answer.finish or Ending.BROKEN_OFF
            if text := answer.take(piece) if piece is not None else "":
                on_text(text)
                # What waited here meanwhile, because we were slow, is no silence.
                answer.hear()
            if overdue := self._overdue(answer):
                return answer.finish or overdue
        return answer.finish or Ending.STOPPED

    def _overdue(self, answer: GrowingAnswer) -> Ending | None:
        """How to end what takes too long; once it has finished only its count of tokens is still awaited."""
        now, patience = self._clock(), self._patience
        if now - answer.started_at >= patience.deadline_s:
            return Ending.OUT_OF_TIME
        if answer.length > MOST_CHARACTERS:
            return Ending.BROKEN_OFF
        bearable_s = patience.usage_s if answer.finish else patience.silence_s
        return Ending.SILENT if now - answer.heard_at >= bearable_s else None

    def _failure(self, reading: Reading, request: ChatRequest) -> ProviderError:
        if reading.error is None:
            return NoAnswer()
        return provider_error(reading.error, model=request.model, successor=self._successor)
