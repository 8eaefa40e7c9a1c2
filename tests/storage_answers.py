"""The shapes of Supabase Storage's answers; lines are those of storage3 2.34.1, which reads them."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

SECRET = "sb_secret_stand_in"
_JSON = "application/json; charset=utf-8"


class Fault(StrEnum):
    """What may come instead of the answer; only after UNANSWERED and CUT_HALF_WAY it was done."""

    CUT = "cut"
    CUT_HALF_WAY = "cut half-way"
    HANG = "hang"
    UNANSWERED = "done, then cut"
    BROKEN = "500"
    GATEWAY = "502, a page"
    DATABASE_TIMEOUT = "544"
    BUSY = "429"
    LOCKED = "423"
    DUPLICATE = "409"
    FORBIDDEN = "403"
    WRONG_KEY = "401, of the gateway"
    TOO_LARGE = "413"
    WRONG_TYPE = "415"
    OVER_QUOTA = "402"
    PAUSED = "540"
    PAGE = "200, a page"
    OTHER_JSON = "200, other JSON"
    NOT_STORAGE = "404, a page"
    MOVED = "301"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    content_type: str = _JSON
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredFile:
    data: bytes
    content_type: str
    cache_control: str


@dataclass
class StoredBucket:
    """`file_size_limit` in bytes; files by key."""

    public: bool = True
    file_size_limit: int | None = 10 * 1024 * 1024
    allowed_mime_types: list[str] | None = field(default_factory=lambda: ["image/jpeg", "image/png", "image/webp"])
    files: dict[str, StoredFile] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def is_with_key(self) -> bool:
        """client.py:342 sends both."""
        return self.headers.get("apikey") == SECRET and self.headers.get("authorization") == f"Bearer {SECRET}"


MOMENTS = {
    name: datetime(2026, 1, 5, 8, tzinfo=UTC).isoformat() for name in ("created_at", "updated_at", "last_accessed_at")
}


def json_answer(body: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body).encode())


def refused(true_status: int, error: str, message: str, *, status: int = 400) -> Answer:
    """file_api.py:84-87 and bucket.py:46-49 _request: `message`, `error` and `statusCode`, which is text."""
    return json_answer({"statusCode": str(true_status), "error": error, "message": message}, status)


def no_bucket() -> Answer:
    return refused(404, "Bucket not found", "Bucket not found")


def no_object() -> Answer:
    return refused(404, "not_found", "Object not found")


def page(status: int) -> Answer:
    """Of something in between: file_api.py:89-93 quotes it and takes the answer's own status, a number."""
    return Answer(status, b"<html><body>Somewhere else</body></html>", "text/html")


FAULTS = {
    Fault.BROKEN: refused(500, "Internal", "Internal Server Error", status=500),
    Fault.GATEWAY: page(502),
    Fault.DATABASE_TIMEOUT: refused(544, "DatabaseTimeout", "The connection to the database timed out", status=544),
    Fault.BUSY: refused(429, "too_many_connections", "Too many connections issued to the database", status=429),
    Fault.LOCKED: refused(423, "ResourceLocked", "The resource is locked"),
    Fault.DUPLICATE: refused(409, "Duplicate", "The resource already exists"),
    Fault.FORBIDDEN: refused(403, "Unauthorized", "new row violates row-level security policy"),
    # Without `error` and `statusCode`, so that file_api.py:89 takes the answer's status.
    Fault.WRONG_KEY: json_answer({"message": "Invalid API key", "hint": "Double check your key."}, 401),
    Fault.TOO_LARGE: refused(413, "Payload too large", "The object exceeded the maximum allowed size"),
    Fault.WRONG_TYPE: refused(415, "invalid_mime_type", "mime type image/webp is not supported"),
    Fault.OVER_QUOTA: json_answer({"message": "Service for this project is restricted"}, 402),
    Fault.PAUSED: page(540),
    Fault.PAGE: page(200),
    Fault.OTHER_JSON: json_answer({"surprise": True}),
    Fault.NOT_STORAGE: page(404),
    Fault.MOVED: Answer(301, headers={"Location": "/elsewhere"}),
}


def bucket_row(name: str, bucket: StoredBucket) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "owner": "",
        "public": bucket.public,
        "file_size_limit": bucket.file_size_limit,
        "allowed_mime_types": bucket.allowed_mime_types,
        **MOMENTS,
    }


def bucket_wanted(wanted: dict[str, Any], files: dict[str, StoredFile]) -> StoredBucket:
    limit, types = wanted.get("file_size_limit"), wanted.get("allowed_mime_types")
    return StoredBucket(bool(wanted.get("public")), limit, types, files)


def asset(found: StoredFile) -> Answer:
    etag = f'"{hashlib.sha256(found.data).hexdigest()[:32]}"'
    return Answer(200, found.data, found.content_type, {"Cache-Control": found.cache_control, "ETag": etag})


def uploaded_file(request: Request) -> StoredFile:
    """The upload's two parts: `cacheControl` and `file`, as file_api.py:534-577 sends them."""
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    fields: dict[bytes, tuple[bytes, bytes]] = {}
    for part in request.body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0]
        fields[name] = (head, content.removesuffix(b"\r\n"))
    head, data = fields[b"file"]
    content_type = head.lower().partition(b"content-type:")[2].strip().partition(b"\r\n")[0].decode()
    cache_control = fields[b"cacheControl"][1].decode()
    return StoredFile(data, content_type, f"max-age={cache_control}")
