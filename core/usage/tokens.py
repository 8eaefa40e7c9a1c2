"""The provider's own counts, read with suspicion: what is missing, odd or all zero counts as not reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# No call comes near it, and two of it still fit the ledger's columns.
MOST_TOKENS = 10**9


@dataclass(frozen=True)
class ImageTokens:
    """What one image took; the parts always add up to the whole."""

    text_in: int
    image_in: int
    text_out: int
    image_out: int

    @property
    def prompt_tokens(self) -> int:
        return self.text_in + self.image_in

    @property
    def completion_tokens(self) -> int:
        return self.text_out + self.image_out


@dataclass(frozen=True)
class ChatTokens:
    """What one answer took; what was read from or written to the provider's cache is part of `prompt_tokens`."""

    prompt_tokens: int
    completion_tokens: int
    cache_read: int = 0
    cache_written: int = 0


def image_tokens(usage: Mapping[str, Any] | None) -> ImageTokens | None:
    """Counts of an image reply, None where there are none to rely on.

    Without details all input is text and all output is image: the prompt is text, and image output costs more.
    """
    taken, made = _count(usage, "input_tokens"), _count(usage, "output_tokens")
    if taken is None or not made:
        return None
    image_in = _count(_details(usage, "input_tokens_details"), "image_tokens") or 0
    image_out = _count(_details(usage, "output_tokens_details"), "image_tokens") or made
    image_in, image_out = min(image_in, taken), min(image_out, made)
    return ImageTokens(taken - image_in, image_in, made - image_out, image_out)


def chat_tokens(usage: Mapping[str, Any] | None) -> ChatTokens | None:
    """Counts of a chat reply, None where there are none to rely on."""
    taken, made = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    if taken is None or made is None or taken + made == 0:
        return None
    details = _details(usage, "prompt_tokens_details")
    read = min(_count(details, "cached_tokens") or 0, taken)
    written = min(_count(details, "cache_write_tokens") or 0, taken - read)
    return ChatTokens(taken, made, read, written)


def _details(usage: Mapping[str, Any] | None, name: str) -> Mapping[str, Any] | None:
    found = usage.get(name) if usage else None
    return found if isinstance(found, Mapping) else None


def _count(usage: Mapping[str, Any] | None, name: str) -> int | None:
    value = usage.get(name) if usage else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= MOST_TOKENS else None
