"""Supabase Storage's HTTP API over loopback, as far as photos go.

Answers as hosted Supabase does: status 400 for almost everything, with the true one as text in the body. Lines named
are those of storage3 2.34.1, which reads the answers.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import jwt

from tests.storage_answers import (
    FAULTS,
    MOMENTS,
    SECRET,
    Answer,
    Fault,
    Request,
    StoredBucket,
    StoredFile,
    asset,
    bucket_row,
    bucket_wanted,
    json_answer,
    no_bucket,
    no_object,
    refused,
    uploaded_file,
)

__all__ = ["SECRET", "Fault", "StorageStandIn", "StoredBucket", "StoredFile"]

MOST_A_PAGE = 1000
_JWT_SECRET = "of-the-stand-in-alone-and-long-enough"


@dataclass
class StorageStandIn:
    """One project's storage; tests look at and change what it knows, and put faults before its answers.

    `faults` come one a request, `always` comes to every other; `clock_ahead_s` lets links expire.
    """

    buckets: dict[str, StoredBucket] = field(default_factory=lambda: {"student-photos": StoredBucket()})
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    seen: list[Request] = field(default_factory=list)
    clock_ahead_s: float = 0
    address: str = ""
    _released: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def files(self) -> dict[str, StoredFile]:
        return self.buckets["student-photos"].files

    def reset(self) -> None:
        """As it was new, for the next test at the same address."""
        self._released.set()
        new = StorageStandIn()
        self.buckets, self.faults, self.always, self.seen = new.buckets, new.faults, new.always, new.seen
        self.clock_ahead_s, self._released = new.clock_ahead_s, new._released

    def asked(self, method: str, path_start: str = "/storage/v1/") -> int:
        """How often."""
        return sum(one.method == method and one.path.startswith(path_start) for one in self.seen)

    @contextmanager
    def served(self, port: int = 0) -> Iterator[Self]:
        """Answers at `address` until the end."""
        with _Server(("127.0.0.1", port), _handler_of(self)) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            self.address = f"http://127.0.0.1:{server.server_port}"
            try:
                yield self
            finally:
                self._released.set()
                server.shutdown()
                thread.join()

    def answer(self, request: Request) -> tuple[Answer, Fault | None]:
        with self._lock:
            self.seen.append(request)
            fault = self.faults.pop(0) if self.faults else self.always
        if fault is Fault.HANG:
            self._released.wait()
        if fault in FAULTS:
            return FAULTS[fault], fault
        if fault in {Fault.CUT, Fault.HANG}:
            return Answer(0), fault
        with self._lock:
            return self._answer(request), fault

    def _answer(self, request: Request) -> Answer:
        for method, pattern, answer, is_open in _ROUTES:
            found = re.fullmatch(pattern, request.path) if method == request.method else None
            if found and (is_open or request.is_with_key):
                return answer(self, request, **found.groupdict())
            if found:
                return FAULTS[Fault.WRONG_KEY]
        # A route that there is not.
        return refused(404, "Not Found", f"Route {request.method}:{request.path} not found", status=404)

    def _described(self, _request: Request, bucket: str) -> Answer:
        """bucket.py:74 get_bucket, into types.py BaseBucket."""
        found = self.buckets.get(bucket)
        return no_bucket() if found is None else json_answer(bucket_row(bucket, found))

    def _created(self, request: Request) -> Answer:
        """bucket.py:102 create_bucket returns the answer as it is."""
        wanted = request.json
        if wanted["id"] in self.buckets:
            return refused(409, "Duplicate", "The resource already exists")
        self.buckets[wanted["id"]] = bucket_wanted(wanted, {})
        return json_answer({"name": wanted["name"]})

    def _updated(self, request: Request, bucket: str) -> Answer:
        """bucket.py:119 update_bucket returns the answer as it is."""
        found = self.buckets.get(bucket)
        if found is None:
            return no_bucket()
        self.buckets[bucket] = bucket_wanted(request.json, found.files)
        return json_answer({"message": "Successfully updated"})

    def _listed(self, request: Request, bucket: str) -> Answer:
        """file_api.py:472 list_v2, into types.py SearchV2Result; of a bucket that is not there it lists nothing."""
        files = self.buckets.get(bucket, StoredBucket()).files
        wanted = request.json
        after, limit = wanted.get("cursor", ""), min(wanted.get("limit", MOST_A_PAGE), MOST_A_PAGE)
        keys = sorted(key for key in files if key > after and key.startswith(wanted.get("prefix", "")))
        page, has_next = keys[:limit], len(keys) > limit
        objects = [{"id": str(uuid4()), "name": key, **MOMENTS, "metadata": {}} for key in page]
        # The real cursor is made of the last key, too, and says nothing to whoever gets it.
        more = {"nextCursor": page[-1]} if has_next else {}
        return json_answer({"hasNext": has_next, "folders": [], "objects": objects, **more})

    def _signed(self, request: Request, bucket: str) -> Answer:
        """file_api.py:280 create_signed_urls, into types.py SignedUrlsJsonItem; errors stand beside the others."""
        wanted = request.json
        files = self.buckets.get(bucket, StoredBucket()).files
        return json_answer(
            [self._link(bucket, key, int(wanted["expiresIn"]), is_there=key in files) for key in wanted["paths"]]
        )

    def _link(self, bucket: str, key: str, lives_s: int, *, is_there: bool) -> dict[str, str | None]:
        if not is_there:
            error = "Either the object does not exist or you do not have access to it"
            return {"error": error, "path": key, "signedURL": None}
        now = int(self._now())
        claims = {"url": f"{bucket}/{key}", "iat": now, "exp": now + lives_s}
        token = jwt.encode(claims, _JWT_SECRET, algorithm="HS256")
        return {"error": None, "path": key, "signedURL": f"/object/sign/{bucket}/{key}?token={token}"}

    def _uploaded(self, request: Request, bucket: str, key: str) -> Answer:
        """file_api.py:583 _upload_or_update reads `Key`. The type is what the part declares, whatever the bytes are."""
        found = self.buckets.get(bucket)
        if found is None:
            return no_bucket()
        new = uploaded_file(request)
        if found.allowed_mime_types and new.content_type not in found.allowed_mime_types:
            return refused(415, "invalid_mime_type", f"mime type {new.content_type} is not supported")
        if found.file_size_limit is not None and len(new.data) > found.file_size_limit:
            return FAULTS[Fault.TOO_LARGE]
        if key in found.files and request.headers.get("x-upsert") != "true":
            return FAULTS[Fault.DUPLICATE]
        found.files[key] = new
        return json_answer({"Id": str(uuid4()), "Key": f"{bucket}/{key}"})

    def _downloaded(self, _request: Request, bucket: str, key: str) -> Answer:
        """file_api.py:506 download takes the body as it is; file_api.py:86 _request reads what a refusal says."""
        found = self.buckets.get(bucket)
        if found is None:
            return no_bucket()
        return asset(found.files[key]) if key in found.files else no_object()

    def _removed(self, request: Request, bucket: str) -> Answer:
        """file_api.py:379 remove returns the list of what was there, and no error for the rest."""
        files = self.buckets.get(bucket, StoredBucket()).files
        removed = [key for key in request.json["prefixes"] if files.pop(key, None) is not None]
        return json_answer([{"name": key, "bucket_id": bucket, **MOMENTS} for key in removed])

    def _public(self, _request: Request, bucket: str, key: str) -> Answer:
        """For browsers, with no key: a private bucket is as if it were not there."""
        found = self.buckets.get(bucket)
        if found is None or not found.public:
            return no_bucket()
        return asset(found.files[key]) if key in found.files else no_object()

    def _by_token(self, request: Request, bucket: str, key: str) -> Answer:
        """For browsers, with no key: until the link expires."""
        try:
            claims = jwt.decode(
                request.query.get("token", ""), _JWT_SECRET, algorithms=["HS256"], options={"verify_exp": False}
            )
        except jwt.InvalidTokenError:
            return refused(400, "InvalidJWT", "signature verification failed")
        if claims["exp"] <= self._now():
            return refused(400, "InvalidJWT", '"exp" claim timestamp check failed')
        if claims["url"] != f"{bucket}/{key}":
            return refused(400, "InvalidSignature", "Invalid signature")
        return self._downloaded(request, bucket, key)

    def _now(self) -> float:
        return time.time() + self.clock_ahead_s


_BUCKET, _KEY = "(?P<bucket>[^/]+)", "(?P<key>.+)"
_ROUTES: tuple[tuple[str, str, Callable[..., Answer], bool], ...] = tuple(
    (method, f"/storage/v1/{path}", answer, is_open)
    for method, path, answer, is_open in (
        ("GET", f"object/public/{_BUCKET}/{_KEY}", StorageStandIn._public, True),
        ("GET", f"object/sign/{_BUCKET}/{_KEY}", StorageStandIn._by_token, True),
        ("GET", f"bucket/{_BUCKET}", StorageStandIn._described, False),
        ("POST", "bucket", StorageStandIn._created, False),
        ("PUT", f"bucket/{_BUCKET}", StorageStandIn._updated, False),
        ("POST", f"object/list-v2/{_BUCKET}", StorageStandIn._listed, False),
        ("POST", f"object/sign/{_BUCKET}", StorageStandIn._signed, False),
        ("POST", f"object/{_BUCKET}/{_KEY}", StorageStandIn._uploaded, False),
        ("GET", f"object/{_BUCKET}/{_KEY}", StorageStandIn._downloaded, False),
        ("DELETE", f"object/{_BUCKET}", StorageStandIn._removed, False),
    )
)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Tests close at once; nobody's connection is waited for.
    block_on_close = False
    request_queue_size = 64


def _handler_of(stand_in: StorageStandIn) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        # Connections are kept, as the real one's are, so that a client meets those that ended meanwhile.
        protocol_version = "HTTP/1.1"
        # Head and body leave one after the other, and neither shall wait for the other's receipt.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            request = Request(self.command, unquote(url.path), query, headers, body)
            answer, fault = stand_in.answer(request)
            if fault in {Fault.CUT, Fault.HANG, Fault.UNANSWERED}:
                self.close_connection = True
            else:
                self._send(answer, is_cut=fault is Fault.CUT_HALF_WAY)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - as above

        def _send(self, answer: Answer, *, is_cut: bool) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) // 2] if is_cut else answer.body)
            self.close_connection = self.close_connection or is_cut

        def log_message(self, *_arguments: object) -> None:
            """Keeps the tests' output free of requests."""

    return Handler
