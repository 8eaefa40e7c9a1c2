"""Puts an answer into the pieces that a chat completion consists of."""

import re
import time
from dataclasses import dataclass, field

from core.demo.provider.chat_requests import ChatOrder
from core.demo.provider.wire import Json, event, new_id, tokens_in

DONE = b"data: [DONE]\n\n"
REASONING_TOKENS = 64


@dataclass(frozen=True)
class ChatAnswer:
    """An answer as it is worded, before it goes over the wire."""

    order: ChatOrder
    text: str
    is_refusal: bool = False
    id: str = field(default_factory=lambda: new_id("chatcmpl"))
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def shown(self) -> str:
        """The text as far as the token limit lets it go."""
        limit = self.order.token_limit
        return self.text if limit is None else self.text[: 4 * limit]

    @property
    def finish_reason(self) -> str:
        """Why the answer ends where it ends."""
        if self.is_refusal:
            return "content_filter"
        return "stop" if self.shown == self.text else "length"

    @property
    def completion_tokens(self) -> int:
        """What is billed as output."""
        return tokens_in(self.shown) + (REASONING_TOKENS if self.order.reasons else 0)

    @property
    def usage(self) -> Json:
        """Tokens of question and answer."""
        prompt_tokens = sum(4 + tokens_in(message.text) for message in self.order.messages)
        reasoning = REASONING_TOKENS if self.order.reasons else 0
        return {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": prompt_tokens + self.completion_tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": reasoning, "audio_tokens": 0},
        }


def completion(answer: ChatAnswer) -> Json:
    """The reply to a request that does not stream."""
    words = {"content": None, "refusal": answer.shown} if answer.is_refusal else {"content": answer.shown}
    choice = {
        "index": 0,
        "message": {"role": "assistant", "refusal": None, **words},
        "logprobs": None,
        "finish_reason": answer.finish_reason,
    }
    return {**_frame(answer, "chat.completion"), "choices": [choice], "usage": answer.usage}


def events(answer: ChatAnswer) -> list[bytes]:
    """The reply to a request that streams, one server-sent event after the other."""
    part = "refusal" if answer.is_refusal else "content"
    deltas: list[Json] = [{"role": "assistant", "content": "", "refusal": None}]
    deltas += [{part: piece} for piece in re.findall(r"\s*\S+\s*$|\s*\S+", answer.shown)]
    chunks = [_chunk(answer, delta) for delta in deltas]
    chunks.append(_chunk(answer, {}, finish_reason=answer.finish_reason))
    if answer.order.wants_usage:
        chunks.append({**_frame(answer, "chat.completion.chunk"), "choices": [], "usage": answer.usage})
    return [*map(event, chunks), DONE]


def _chunk(answer: ChatAnswer, delta: Json, finish_reason: str | None = None) -> Json:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    usage = {"usage": None} if answer.order.wants_usage else {}
    return {**_frame(answer, "chat.completion.chunk"), "choices": [choice], **usage}


def _frame(answer: ChatAnswer, kind: str) -> Json:
    return {
        "id": answer.id,
        "object": kind,
        "created": answer.created,
        "model": answer.order.model,
        "service_tier": "default",
        "system_fingerprint": "fp_demo",
    }
