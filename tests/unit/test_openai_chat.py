import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest
from openai import OpenAI

from core.clients import openai_chat
from core.clients.chat_answer import ChatEnd, Ending
from core.clients.openai_chat import ChatMessage, ChatRequest, OpenAIChat, Patience
from core.clients.openai_client import build_openai
from core.errors import DatabaseAway, ModelRetired, NoAnswer, ProviderUnreachable

MESSAGES = (ChatMessage("system", "Be brief."), ChatMessage("user", "Hello"))
REQUEST = ChatRequest(model="gpt-6-luna", messages=MESSAGES, max_tokens=2000)
PATIENT = Patience()
SHORT = Patience(silence_s=0.3, deadline_s=60, usage_s=0.2)
DONE = b"data: [DONE]\n\n"

Answer = Callable[[httpx2.Request], httpx2.Response]


class Pieces(httpx2.SyncByteStream):
    """A body that is still in the making."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces


def event(content: object) -> bytes:
    return b"data: " + json.dumps(content).encode() + b"\n\n"


def says(content: object = None, finish: object = None, **more: object) -> bytes:
    delta = {} if content is None else {"content": content}
    return event(
        {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "gpt-6-luna-2026-09-01",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            **more,
        }
    )


def counts(prompt: int, completion: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def chat(answer: Answer, patience: Patience = PATIENT) -> OpenAIChat:
    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = OpenAI(api_key="sk-made-up", base_url="http://fake.invalid/v1", max_retries=0, http_client=http_client)
    return OpenAIChat(client, successor=lambda _: "gpt-7-luna", patience=patience)


def streamed(*pieces: bytes) -> OpenAIChat:
    return chat(lambda _: httpx2.Response(200, content=b"".join(pieces), headers={"x-request-id": "req_1"}))


def end_of(*pieces: bytes) -> ChatEnd:
    return streamed(*pieces).stream(REQUEST, on_text=lambda _: None)


def sent(request: ChatRequest) -> dict[str, object]:
    seen: list[dict[str, object]] = []

    def answer(raw: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(raw.content))
        return httpx2.Response(200, content=says("Hi") + says(finish="stop") + DONE)

    chat(answer).stream(request, on_text=lambda _: None)
    assert len(seen) == 1
    return seen[0]


def test_little_is_sent_besides_the_messages() -> None:
    assert sent(ChatRequest(model="m", messages=MESSAGES, max_tokens=2000, with_usage=False)) == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}],
        "max_completion_tokens": 2000,
        "stream": True,
    }


def test_the_effort_who_asks_and_the_wish_for_a_count_are_sent_if_they_are_given() -> None:
    request = ChatRequest(model="m", messages=MESSAGES, max_tokens=9, reasoning_effort="none", safety_id="h1")

    body = sent(request)

    assert body["reasoning_effort"] == "none"
    assert body["safety_identifier"] == "h1"
    assert body["stream_options"] == {"include_usage": True}


def test_the_end_tells_what_the_ledger_needs() -> None:
    end = end_of(says("Hel"), says("lo"), says(finish="stop"), event({"choices": [], "usage": counts(7, 2)}), DONE)

    assert (end.ending, end.text, end.finish_reason) == (Ending.COMPLETE, "Hello", "stop")
    assert end.usage == counts(7, 2)
    assert end.model == "gpt-6-luna-2026-09-01"
    assert end.request_id == "req_1"
    assert end.refusal is None


def test_of_several_counts_the_last_holds() -> None:
    end = end_of(
        says("Hello", usage=counts(7, 1)),
        says(finish="stop", usage=counts(7, 2)),
        event({"choices": [], "usage": counts(7, 3)}),
        event({"choices": [], "usage": None}),
        DONE,
    )

    assert end.usage == counts(7, 3)


def test_a_count_on_the_way_is_none_of_an_answer_that_broke_off() -> None:
    end = end_of(says("Hello", usage=counts(7, 1)), says(" there"))

    assert end.ending is Ending.BROKEN_OFF
    assert end.usage is None


@pytest.mark.parametrize(
    ("finish", "ending"),
    [
        ("stop", Ending.COMPLETE),
        ("eos", Ending.COMPLETE),
        ("length", Ending.LENGTH),
        ("content_filter", Ending.REFUSED),
        ("", Ending.BROKEN_OFF),
        (None, Ending.BROKEN_OFF),
        (7, Ending.BROKEN_OFF),
    ],
)
def test_the_reason_to_finish_says_how_it_ended(finish: object, ending: Ending) -> None:
    assert end_of(says("Hello"), says(finish=finish), DONE).ending is ending


def test_a_refusal_in_words_is_one_even_if_it_ends_like_an_answer() -> None:
    refusal = event({"choices": [{"index": 0, "delta": {"refusal": "I can't."}, "finish_reason": None}]})

    end = end_of(refusal, says(finish="stop"), DONE)

    assert (end.ending, end.refusal, end.text) == (Ending.REFUSED, "I can't.", "")


def test_text_behind_the_finish_is_kept() -> None:
    end = end_of(says("Hel", finish="stop"), says("lo"), DONE)

    assert (end.ending, end.text) == (Ending.COMPLETE, "Hello")


def test_an_answer_without_a_word_is_no_failure_if_it_finished() -> None:
    end = end_of(says(finish="length"), event({"choices": [], "usage": counts(7, 2000)}), DONE)

    assert (end.ending, end.text) == (Ending.LENGTH, "")
    assert end.usage == counts(7, 2000)
    assert end.first_token_ms is None


@pytest.mark.parametrize(
    "odd",
    [
        event(None),
        event([]),
        event("text"),
        event(5),
        event({}),
        event({"choices": None}),
        event({"choices": "x"}),
        event({"choices": [None]}),
        event({"choices": [{}]}),
        event({"choices": [{"delta": None}]}),
        event({"choices": [{"delta": {"content": None}}]}),
        event({"choices": [{"delta": {"content": ["x"]}}]}),
        event({"choices": [{"delta": {"content": 5}}], "usage": "many", "model": 3}),
        b": ping\n\n",
        b"event: thread.created\ndata: {}\n\n",
    ],
)
def test_odd_events_amid_an_answer_do_no_harm(odd: bytes) -> None:
    end = end_of(says("Hel"), odd, says("lo"), says(finish="stop"), DONE)

    assert (end.ending, end.text) == (Ending.COMPLETE, "Hello")


@pytest.mark.parametrize(
    "broken",
    [
        b"data: {\n\n",
        b"data: \xff\xfe\n\n",
        event({"error": {"message": "overloaded"}}),
        event({"error": "overloaded"}),
        b"data: " + b"[" * 100_000 + b"\n\n",
        b"id: 7\n\n",
    ],
)
def test_what_can_not_be_read_ends_the_answer_with_the_text_so_far(broken: bytes) -> None:
    end = end_of(says("Hello"), broken, says(" again"), says(finish="stop"), DONE)

    assert (end.ending, end.text) == (Ending.BROKEN_OFF, "Hello")


def test_a_break_after_the_finish_breaks_nothing() -> None:
    assert end_of(says("Hello"), says(finish="stop"), b"data: {\n\n").ending is Ending.COMPLETE


def test_halves_of_characters_and_nul_never_reach_the_database() -> None:
    end = end_of(b'data: {"choices": [{"delta": {"content": "a\\ud83d\\u0000b"}}]}\n\n', says(finish="stop"), DONE)

    assert end.text == "a\ufffdb"


def test_a_count_that_does_not_come_is_not_waited_for_long() -> None:
    hanging = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield says("Hello") + says(finish="stop")
        hanging.wait(60)

    began = time.monotonic()
    impatient = chat(lambda _: httpx2.Response(200, stream=Pieces(pieces())), replace(SHORT, silence_s=60))
    end = impatient.stream(REQUEST, on_text=lambda _: None)
    hanging.set()

    assert (end.ending, end.text, end.usage) == (Ending.COMPLETE, "Hello", None)
    assert time.monotonic() - began < 30


def test_chunks_without_text_are_silence() -> None:
    def pieces() -> Iterator[bytes]:
        yield says("Hello")
        for _ in range(6000):
            time.sleep(0.01)
            yield says("")

    impatient = chat(lambda _: httpx2.Response(200, stream=Pieces(pieces())), SHORT)
    end = impatient.stream(REQUEST, on_text=lambda _: None)

    assert (end.ending, end.text) == (Ending.SILENT, "Hello")


def test_a_slow_taker_does_not_make_the_provider_silent() -> None:
    ready = streamed(*[says(f"{number} ") for number in range(2)], says(""), says(finish="stop"), DONE)
    taken: list[str] = []
    slow = OpenAIChat(ready._client, clock=lambda: time.monotonic() + 25 * len(taken))

    end = slow.stream(REQUEST, on_text=taken.append)

    assert (end.ending, end.text) == (Ending.COMPLETE, "0 1 ")


def test_a_taker_that_fails_is_heard_and_ends_the_request() -> None:
    def full(_: str) -> None:
        raise DatabaseAway

    with pytest.raises(DatabaseAway):
        streamed(says("Hello"), says(finish="stop"), DONE).stream(REQUEST, on_text=full)


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_chat, "MOST_CHARACTERS", 20)

    end = end_of(*[says("0123456789")] * 50)

    assert end.ending is Ending.BROKEN_OFF
    assert len(end.text) == 30


def test_nobody_listening_is_free() -> None:
    client = build_openai(api_key="sk-made-up", base_url="http://127.0.0.1:1/v1")

    with client, pytest.raises(ProviderUnreachable):
        OpenAIChat(client).stream(REQUEST, on_text=lambda _: None)


def test_no_free_connection_is_free() -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.PoolTimeout("all taken")

    with pytest.raises(ProviderUnreachable):
        chat(answer).stream(REQUEST, on_text=lambda _: None)


def test_a_retired_model_names_its_successor() -> None:
    gone = {"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}

    with pytest.raises(ModelRetired, match="gpt-7-luna"):
        chat(lambda _: httpx2.Response(404, json=gone)).stream(REQUEST, on_text=lambda _: None)


def test_a_failure_is_sent_only_once() -> None:
    calls: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        calls.append(request.method)
        return httpx2.Response(500, headers={"retry-after": "0"})

    with pytest.raises(NoAnswer):
        chat(answer).stream(REQUEST, on_text=lambda _: None)
    assert calls == ["POST"]


def test_an_answer_that_ended_leaves_its_connection_to_the_next() -> None:
    connections: list[object] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            connections.append(self)
            super().setup()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            # Without [DONE], behind which the SDK would hang up by itself.
            body = says("Hello") + says(finish="stop")
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with build_openai(api_key="sk-made-up", base_url=f"http://127.0.0.1:{listening.server_port}/v1") as client:
            endings = [OpenAIChat(client).stream(REQUEST, on_text=lambda _: None).ending for _ in range(5)]
        listening.shutdown()
        thread.join()

    assert set(endings) == {Ending.COMPLETE}
    assert len(connections) == 1
