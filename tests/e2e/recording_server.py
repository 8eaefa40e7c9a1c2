"""The app as `staffroom serve` starts it; its stand-in draws small, and what it is asked is kept beside the log."""

import io
import json
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from core.demo.drawing import draw_portrait
from core.demo.features import Background, Features
from core.demo.openai_stand_in import StandIn, make_app

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
    from core import parts
    from core.cli import cli
    from core.demo import portraits
    from tests.integration.photos.small_pictures import SMALLER, draw_small

    record()
    # Full-sized pictures take longer than all else that a visit asks for.
    setattr(parts, make_app.__name__, partial(make_app, draw=draw_small))

    def draw_small_portrait(features: Features, *, size: int, background: Background) -> bytes:
        return draw_portrait(features, size=size // SMALLER, background=background)

    setattr(portraits, draw_portrait.__name__, draw_small_portrait)
    cli(["serve"])
