"""Reads a request for a chat answer as strictly as OpenAI does."""

from dataclasses import dataclass, replace

from core.demo.provider.models import CHAT_MODELS, is_reasoning, require_model
from core.demo.provider.wire import Json, bad_value

KNOWN = frozenset(
    {
        *("messages", "model", "stream", "stream_options", "max_completion_tokens", "max_tokens", "temperature"),
        *("top_p", "n", "stop", "seed", "store", "metadata", "user", "safety_identifier", "reasoning_effort"),
        *("presence_penalty", "frequency_penalty", "response_format", "service_tier", "verbosity"),
        *("prompt_cache_key", "logit_bias", "logprobs", "top_logprobs"),
    }
)
ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
EFFORTS = frozenset({"none", "minimal", "low", "medium", "high", "xhigh", "max"})


@dataclass(frozen=True)
class Message:
    """One turn of the conversation, its text parts joined."""

    role: str
    text: str


@dataclass(frozen=True)
class ChatOrder:
    """A request that passed."""

    model: str
    messages: tuple[Message, ...]
    streams: bool
    wants_usage: bool
    token_limit: int | None
    reasons: bool
    safety_id: str | None

    @property
    def last_question(self) -> str:
        """What the user wrote last; empty where there is no such turn."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")

    def with_messages(self, messages: tuple[Message, ...]) -> "ChatOrder":
        """The same wishes about another conversation."""
        return replace(self, messages=messages)


def read_chat_order(request: Json) -> ChatOrder:
    """The order; raises Refusal."""
    for name in request:
        if name not in KNOWN:
            raise bad_value(f"Unknown parameter: '{name}'.", code="unknown_parameter", param=name)
    model = require_model(request.get("model"), CHAT_MODELS)
    reasons = is_reasoning(model) and _effort(request) != "none"
    _refuse_unsupported(request, model, reasons=reasons)
    streams = bool(request.get("stream"))
    return ChatOrder(
        model=model,
        messages=_messages(request),
        streams=streams,
        wants_usage=_wants_usage(request, streams=streams),
        token_limit=_token_limit(request),
        reasons=reasons,
        safety_id=request.get("safety_identifier") or request.get("user"),
    )


def _effort(request: Json) -> str:
    effort = request.get("reasoning_effort") or "medium"
    if effort not in EFFORTS:
        raise bad_value(f"Invalid value: '{effort}'.", code="invalid_value", param="reasoning_effort")
    return str(effort)


def _refuse_unsupported(request: Json, model: str, *, reasons: bool) -> None:
    if "max_tokens" in request and is_reasoning(model):
        raise bad_value(
            "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            code="unsupported_parameter",
            param="max_tokens",
        )
    for name in ("temperature", "top_p"):
        if reasons and request.get(name) not in (None, 1):
            raise bad_value(f"'{name}' must be 1 while the model reasons.", code="unsupported_value", param=name)


def _messages(request: Json) -> tuple[Message, ...]:
    messages = request.get("messages")
    if not isinstance(messages, list) or not messages:
        raise bad_value(
            "'messages' must hold at least one message.", code="missing_required_parameter", param="messages"
        )
    return tuple(_message(message, at) for at, message in enumerate(messages))


def _message(message: object, at: int) -> Message:
    if not isinstance(message, dict) or message.get("role") not in ROLES:
        raise bad_value("A message needs a role that exists.", code="invalid_value", param=f"messages[{at}].role")
    content = message.get("content") or ""
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return Message(str(message["role"]), str(content))


def _wants_usage(request: Json, *, streams: bool) -> bool:
    options = request.get("stream_options")
    if options is not None and not streams:
        raise bad_value("'stream_options' needs 'stream'.", code="invalid_value", param="stream_options")
    return bool(options and options.get("include_usage"))


def _token_limit(request: Json) -> int | None:
    limit = request.get("max_completion_tokens") or request.get("max_tokens")
    if limit is not None and (not isinstance(limit, int) or limit < 1):
        raise bad_value("The token limit must be at least 1.", code="invalid_value", param="max_completion_tokens")
    return limit
