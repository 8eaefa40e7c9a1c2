"""Reads an image reply of any compatible server, trusting none of its fields."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, cast

from core.errors import NotAnImage

MOST_BASE64_CHARS = 48 * 1024 * 1024
# What the ledger keeps about a reply: no free text among it, since that could hold more than it should.
KEPT_FIELDS = ("created", "model", "size", "quality", "output_format", "background")
MOST_FIELD_CHARS = 64
MOST_COUNT = 10**9


@dataclass(frozen=True)
class ImageReply:
    """One image, as base64 or by address; `usage` is the provider's own count, `data` what the ledger may keep."""

    b64: str | None
    url: str | None
    usage: dict[str, Any] | None
    data: dict[str, str | int]

    def decoded(self) -> bytes | None:
        """The file that `b64` holds, None where only an address came. Raises NotAnImage."""
        if self.b64 is None:
            return None
        try:
            return base64.b64decode(self.b64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise NotAnImage from error


def parse_reply(body: bytes) -> ImageReply:
    """The reply's image. Raises NotAnImage for an HTML page, an error in a 200, or JSON without an image."""
    reply = _object(body)
    image = _first_image(reply.get("data"))
    b64 = _text(image.get("b64_json"), MOST_BASE64_CHARS)
    url = _text(image.get("url"), 4096)
    if b64 is None and url is None:
        raise NotAnImage
    return ImageReply(b64=b64, url=url, usage=_usage(reply), data=_kept(reply))


def with_picture(body: bytes, picture: bytes) -> bytes:
    """A parsed reply that holds the image itself instead of its address."""
    return json.dumps({**_object(body), "data": [{"b64_json": base64.b64encode(picture).decode()}]}).encode()


def usage_in(body: bytes) -> dict[str, Any] | None:
    """The provider's count even where no image came with it: such a reply was paid, too."""
    try:
        return _usage(_object(body))
    except NotAnImage:
        return None


def _object(body: bytes) -> dict[str, Any]:
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnImage from error
    if not isinstance(reply, dict):
        raise NotAnImage
    return reply


def _first_image(data: object) -> dict[str, Any]:
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return data[0]
    raise NotAnImage


def _text(value: object, most_chars: int) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= most_chars else None


def _usage(reply: dict[str, Any]) -> dict[str, Any] | None:
    usage = reply.get("usage")
    if not isinstance(usage, dict):
        return None
    details = {name: _counts(part) for name, part in usage.items() if name.isidentifier() and isinstance(part, dict)}
    return {**_counts(usage), **details}


def _counts(part: dict[str, Any]) -> dict[str, int]:
    """Whole numbers under plain names: neither NaN nor odd characters may reach the database."""
    return {name: value for name, value in part.items() if name.isidentifier() and _is_count(value)}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_COUNT


def _kept(reply: dict[str, Any]) -> dict[str, str | int]:
    return {name: value for name in KEPT_FIELDS if (value := _scalar(reply.get(name))) is not None}


def _scalar(value: object) -> str | int | None:
    if _is_count(value):
        return cast("int", value)
    text = _text(value, MOST_FIELD_CHARS)
    return text if text and text.isprintable() else None
