"""The app as `staffroom serve` starts it, which keeps what its built-in stand-in is asked beside its log."""

import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from core.demo.openai_stand_in import StandIn

_answer = StandIn.__call__


def _record(self: StandIn, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    with requests_file(Path(os.environ["STAFFROOM_DATA_DIR"])).open("ab") as kept:
        kept.write(body.replace(b"\n", b" ") + b"\n")
    return _answer(self, {**environ, "wsgi.input": io.BytesIO(body)}, start_response)


def record() -> None:
    """From now on, in this process, which is one of its own; the file says that it began."""
    requests_file(Path(os.environ["STAFFROOM_DATA_DIR"])).touch()
    StandIn.__call__ = _record  # type: ignore[method-assign]  # for all of this process


def requests_file(folder: Path) -> Path:
    return folder / "requests.jsonl"


def kept_requests(folder: Path) -> list[dict[str, Any]]:
    """All that the server over this folder asked for so far."""
    return [json.loads(line) for line in requests_file(folder).read_bytes().splitlines() if line.strip()]


if __name__ == "__main__":
    from core.cli import cli

    record()
    cli(["serve"])
