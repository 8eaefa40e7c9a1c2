"""One paid image request: sent once, bounded by the wall clock, its reply handed over as raw bytes."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import httpx2
from openai import APIResponse, OpenAI, OpenAIError

from core.clients.openai_client import timeouts
from core.clients.openai_errors import provider_error
from core.errors import AppError, NoAnswer

DEADLINE_S = 100.0
LATE_REPLY_S = 300.0
MOST_REPLY_BYTES = 64 * 1024 * 1024

# While a streamed body is read the SDK lets the connection's own errors through.
CALL_ERRORS = (OpenAIError, httpx2.HTTPError, httpx2.StreamError, OSError)


@dataclass(frozen=True)
class ImageRequest:
    """What is sent; `safety_id` is a hash that tells the provider one user from another."""

    prompt: str
    model: str
    size: str
    quality: str
    safety_id: str

    def parameters(self) -> dict[str, Any]:
        """Keyword arguments of the SDK; the two families of models refuse each other's."""
        asked = {"prompt": self.prompt, "model": self.model, "n": 1, "size": self.size, "quality": self.quality}
        if "gpt-image" in self.model or "chatgpt-image" in self.model:
            own = {"output_format": "webp", "moderation": "auto", "safety_identifier": self.safety_id}
        else:
            own = {"response_format": "b64_json", "user": self.safety_id}
        return {**asked, **own}


@dataclass(frozen=True)
class RawReply:
    """The body as it came, not yet looked at, and the provider's name for the request."""

    body: bytes
    request_id: str | None


@dataclass
class _Call:
    """What the thread of one request leaves behind for the one that waits."""

    ended: threading.Event
    reply: RawReply | None = None
    error: AppError | None = None


class OpenAIImages:
    """Image generation over one SDK client; may be used by many threads at once."""

    def __init__(
        self,
        client: OpenAI,
        *,
        successor: Callable[[str], str | None] = lambda _: None,
        late_reply_s: float = LATE_REPLY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._successor = successor
        self._late_reply_s = late_reply_s
        self._clock = clock

    def generate(
        self,
        request: ImageRequest,
        *,
        deadline_s: float = DEADLINE_S,
        on_reply: Callable[[RawReply], None] = lambda _: None,
    ) -> RawReply:
        """Send the request once and wait at most `deadline_s`, however slowly the bytes drip in.

        `on_reply` runs in the request's own thread as soon as the body is complete, even when the deadline has
        passed meanwhile: keep the bytes there. An AppError that it raises is raised here, too.
        Raises a ProviderError; past the deadline NoAnswer.
        """
        call = _Call(threading.Event())
        give_up_at = self._clock() + deadline_s + self._late_reply_s
        # A daemon: someone who stops the process has the job marked "may have been charged" and need not wait.
        threading.Thread(
            target=self._run, args=(call, request, on_reply, give_up_at), name="image-request", daemon=True
        ).start()
        if not call.ended.wait(deadline_s):
            raise NoAnswer
        return _outcome(call)

    def _run(self, call: _Call, request: ImageRequest, on_reply: Callable[[RawReply], None], give_up_at: float) -> None:
        try:
            reply = self._send(request, give_up_at)
            on_reply(reply)
            call.reply = reply
        except AppError as error:
            call.error = error
        finally:
            # Whatever else went wrong ends the thread loudly, and the waiting one hears "may have been charged".
            call.ended.set()

    def _send(self, request: ImageRequest, give_up_at: float) -> RawReply:
        generate = self._client.images.with_streaming_response.generate
        patience = timeouts(read_s=max(give_up_at - self._clock(), 1.0))
        try:
            with generate(**request.parameters(), timeout=patience) as response:
                # The SDK's overloads lose the reply's type once the arguments come from a dict.
                return self._read(cast("APIResponse[Any]", response), give_up_at)
        except CALL_ERRORS as error:
            raise provider_error(error, model=request.model, successor=self._successor) from error

    def _read(self, response: APIResponse[Any], give_up_at: float) -> RawReply:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MOST_REPLY_BYTES or self._clock() > give_up_at:
                raise NoAnswer
        return RawReply(bytes(body), response.headers.get("x-request-id"))


def _outcome(call: _Call) -> RawReply:
    if call.reply is not None:
        return call.reply
    raise call.error if call.error is not None else NoAnswer()
