"""Replies and errors in the shape that OpenAI's API gives them."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """One HTTP reply; the body may still be in the making."""

    body: Iterable[bytes]
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def header_list(self) -> list[tuple[str, str]]:
        """All headers as WSGI wants them, with the length where it is known."""
        known = {"Content-Type": self.content_type, "x-staffroom-demo": "true", **self.headers}
        if isinstance(self.body, list):
            known["Content-Length"] = str(sum(map(len, self.body)))
        return list(known.items())


class Refusal(Exception):
    """A request that is answered with an error object."""

    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.error = {"message": message, "type": kind, "param": param, "code": code}

    @property
    def reply(self) -> Reply:
        """The refusal as it goes over the wire."""
        body = json.dumps({"error": self.error}).encode()
        return Reply([body], status=self.status, headers=self.headers)


def json_reply(content: Json) -> Reply:
    return Reply([json.dumps(content).encode()])


def event(content: Json) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(content).encode() + b"\n\n"


def new_id(prefix: str) -> str:
    return f"{prefix}-demo-{uuid.uuid4().hex[:24]}"


def tokens_in(text: str) -> int:
    """About as many tokens as `text` has: four characters each, at least one."""
    return max(1, round(len(text) / 4))


def bad_value(message: str, *, code: str, param: str | None) -> Refusal:
    """A 400 that names the parameter."""
    return Refusal(HTTPStatus.BAD_REQUEST, message, code=code, param=param)
