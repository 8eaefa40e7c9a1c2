import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest
from openai import OpenAI

from core.clients import openai_images
from core.clients.openai_client import build_openai
from core.clients.openai_images import ImageRequest, OpenAIImages, RawReply
from core.errors import KeyRejected, ModelRetired, NoAnswer, ProviderUnreachable, StorageAway

REQUEST = ImageRequest(
    prompt="a portrait", model="gpt-image-2.5-flare", size="1024x1024", quality="medium", safety_id="h1"
)
BODY = b'{"created": 1, "data": [{"b64_json": "aGk="}]}'

Answer = Callable[[httpx2.Request], httpx2.Response]


def images(answer: Answer) -> OpenAIImages:
    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = OpenAI(api_key="sk-made-up", base_url="http://fake.invalid/v1", max_retries=0, http_client=http_client)
    return OpenAIImages(client, successor=lambda _: "gpt-image-2.5-flare")


class Handler(BaseHTTPRequestHandler):
    """Answers with BODY in two halves; the second waits for `may_go_on`."""

    protocol_version = "HTTP/1.1"
    may_go_on = threading.Event()
    cut_off = False

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY[:10])
        self.wfile.flush()
        self.may_go_on.wait(60)
        if self.cut_off:
            self.close_connection = True
        else:
            self.wfile.write(BODY[10:])

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def server(may_go_on: threading.Event, *, cut_off: bool = False) -> Iterator[OpenAIImages]:
    handler = type("Halving", (Handler,), {"may_go_on": may_go_on, "cut_off": cut_off})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = build_openai(api_key="sk-made-up", base_url=f"http://127.0.0.1:{listening.server_port}/v1")
        yield OpenAIImages(client)
        client.close()
        listening.shutdown()
        thread.join()


def test_the_reply_comes_back_as_it_was_sent() -> None:
    answering = images(lambda _: httpx2.Response(200, content=BODY, headers={"x-request-id": "req_1"}))

    assert answering.generate(REQUEST) == RawReply(BODY, "req_1")


def test_a_reply_that_is_not_json_comes_back_unread() -> None:
    page = b"<html>Gateway</html>"

    assert images(lambda _: httpx2.Response(200, content=page)).generate(REQUEST).body == page


def test_image_models_are_told_quality_format_and_who_asks() -> None:
    seen: list[dict[str, object]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(request.content))
        return httpx2.Response(200, content=BODY)

    images(answer).generate(REQUEST)

    assert seen == [
        {
            "prompt": "a portrait",
            "model": "gpt-image-2.5-flare",
            "n": 1,
            "size": "1024x1024",
            "quality": "medium",
            "output_format": "webp",
            "moderation": "auto",
            "safety_identifier": "h1",
        }
    ]


def test_older_models_are_asked_for_bytes_instead_of_an_address() -> None:
    older = ImageRequest(prompt="p", model="dall-e-3", size="1024x1024", quality="standard", safety_id="h1")

    assert older.parameters()["response_format"] == "b64_json"
    assert older.parameters()["user"] == "h1"
    assert "output_format" not in older.parameters()


def test_a_failure_is_sent_only_once() -> None:
    calls: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        calls.append(request.method)
        return httpx2.Response(500, headers={"retry-after": "0"})

    with pytest.raises(NoAnswer):
        images(answer).generate(REQUEST)
    assert calls == ["POST"]


def test_a_rejected_key_is_told_apart() -> None:
    with pytest.raises(KeyRejected):
        images(lambda _: httpx2.Response(401, json={"error": {"message": "no", "code": "invalid_api_key"}})).generate(
            REQUEST
        )


def test_a_retired_model_is_told_apart() -> None:
    gone = {"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}

    with pytest.raises(ModelRetired, match="has been retired"):
        images(lambda _: httpx2.Response(404, json=gone)).generate(REQUEST)


def test_nobody_listening_is_free() -> None:
    client = build_openai(api_key="sk-made-up", base_url="http://127.0.0.1:1/v1")

    with pytest.raises(ProviderUnreachable):
        OpenAIImages(client).generate(REQUEST)
    client.close()


def test_the_reply_is_handed_over_in_the_thread_of_the_request() -> None:
    threads: list[str] = []

    images(lambda _: httpx2.Response(200, content=BODY)).generate(
        REQUEST, on_reply=lambda _: threads.append(threading.current_thread().name)
    )

    assert threads == ["image-request"]


def test_bytes_that_could_not_be_kept_are_reported() -> None:
    def full(_: RawReply) -> None:
        raise StorageAway

    with pytest.raises(StorageAway):
        images(lambda _: httpx2.Response(200, content=BODY)).generate(REQUEST, on_reply=full)


def test_past_the_deadline_nobody_waits_and_the_late_reply_is_still_kept() -> None:
    kept: list[RawReply] = []
    arrived = threading.Event()

    def keep(reply: RawReply) -> None:
        kept.append(reply)
        arrived.set()

    may_go_on = threading.Event()
    with server(may_go_on) as slow:
        with pytest.raises(NoAnswer):
            slow.generate(REQUEST, deadline_s=0.1, on_reply=keep)
        may_go_on.set()
        assert arrived.wait(60)

    assert [reply.body for reply in kept] == [BODY]


def test_a_body_that_breaks_off_may_be_charged() -> None:
    at_once = threading.Event()
    at_once.set()

    with server(at_once, cut_off=True) as broken, pytest.raises(NoAnswer):
        broken.generate(REQUEST)


def test_a_reply_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_images, "MOST_REPLY_BYTES", 10)

    with pytest.raises(NoAnswer):
        images(lambda _: httpx2.Response(200, content=BODY)).generate(REQUEST)


def test_a_drip_is_given_up_when_no_late_reply_is_awaited_any_more() -> None:
    now = iter([0.0, 0.0, 11.0, 11.0])

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=BODY)

    dripping = OpenAIImages(images(answer)._client, late_reply_s=5, clock=lambda: next(now))

    with pytest.raises(NoAnswer):
        dripping.generate(REQUEST, deadline_s=5)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_accident_in_the_thread_is_never_taken_for_free() -> None:
    threads: list[threading.Thread] = []

    def accident(_: RawReply) -> None:
        threads.append(threading.current_thread())
        raise RuntimeError

    with pytest.raises(NoAnswer):
        images(lambda _: httpx2.Response(200, content=BODY)).generate(REQUEST, on_reply=accident)
    threads[0].join()
