"""What each fault of a provider does to one paid answer, in this process and over a socket."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from core.clients.chat_answer import ChatEnd, Ending
from core.clients.openai_chat import ChatMessage, ChatRequest, OpenAIChat, Patience
from core.clients.openai_client import build_openai
from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing
from core.demo.stand_in_server import StandInServer
from core.errors import (
    KeyRejected,
    ModelRetired,
    NoAnswer,
    ProviderBusy,
    ProviderError,
    QuotaUsedUp,
    RequestRefused,
)

REQUEST = ChatRequest(
    model="gpt-6-luna",
    messages=(ChatMessage("user", "How do I begin a talk with parents?"),),
    max_tokens=2000,
    reasoning_effort="none",
    safety_id="h1",
)
AT_ONCE = Timing(chat_first_s=0, chat_piece_s=0, hang_s=60, drip_s=0.02)
PATIENCE = Patience(silence_s=20, deadline_s=120)

Clock = Callable[[], float]
Start = Callable[..., OpenAIChat]


class Hurrying:
    """A clock on which, once this holds, 15 s pass with each look: no test waits, and none depends on the machine."""

    def __init__(self, holds: Callable[[], bool]) -> None:
        self._holds = holds
        self._ahead_s = 0.0

    def __call__(self) -> float:
        if self._holds():
            self._ahead_s += 15
        return time.monotonic() + self._ahead_s


@contextmanager
def inside(stand_in: StandIn, clock: Clock = time.monotonic) -> Iterator[OpenAIChat]:
    with build_openai(api_key=None, stand_in=stand_in) as client:
        try:
            yield OpenAIChat(client, patience=PATIENCE, clock=clock)
        finally:
            stand_in.close()


@contextmanager
def over_a_socket(stand_in: StandIn, clock: Clock = time.monotonic) -> Iterator[OpenAIChat]:
    server = StandInServer(stand_in, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        with build_openai(api_key="sk-made-up", base_url=server.address) as client:
            yield OpenAIChat(client, patience=PATIENCE, clock=clock)
    finally:
        server.stop()
        thread.join()


@pytest.fixture(params=[inside, over_a_socket], ids=["inside", "socket"])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    with ExitStack() as running:
        yield lambda stand_in, clock=time.monotonic: running.enter_context(request.param(stand_in, clock))


def answered(chat: OpenAIChat) -> tuple[ChatEnd, str]:
    pieces: list[str] = []
    end = chat.stream(REQUEST, on_text=pieces.append)
    return end, "".join(pieces)


def readers() -> int:
    return sum(thread.name == "chat-request" for thread in threading.enumerate())


def test_a_whole_answer_comes_with_its_count_and_its_marks(start: Start) -> None:
    end, text = answered(start(make_app(timing=AT_ONCE)))

    assert end.ending is Ending.COMPLETE
    assert end.finish_reason == "stop"
    assert end.text == text
    assert "demo" in text
    assert end.usage is not None
    assert end.usage["completion_tokens"] == round(len(text) / 4)
    assert end.model == "gpt-6-luna"
    assert (end.request_id or "").startswith("req-demo-")
    assert end.first_token_ms is not None
    assert 0 <= end.first_token_ms <= end.duration_ms


def test_each_piece_is_handed_over_when_it_comes_and_in_the_thread_that_asked(start: Start) -> None:
    came: list[tuple[float, int]] = []
    chat = start(make_app(timing=Timing(chat_first_s=0.2, chat_piece_s=0.005)))

    end = chat.stream(REQUEST, on_text=lambda _: came.append((time.monotonic(), threading.get_ident())))

    assert len(came) > 50
    assert came[-1][0] - came[0][0] > 0.2
    assert {ident for _, ident in came} == {threading.get_ident()}
    assert end.first_token_ms is not None
    assert 200 <= end.first_token_ms < end.duration_ms - 200


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.UNAUTHORIZED, KeyRejected),
        (Fault.FORBIDDEN, KeyRejected),
        (Fault.BAD_REQUEST, RequestRefused),
        (Fault.MODEL_RETIRED, ModelRetired),
        (Fault.RATE_LIMITED, ProviderBusy),
        (Fault.RATE_LIMITED_RETRY_AFTER, ProviderBusy),
        (Fault.INSUFFICIENT_QUOTA, QuotaUsedUp),
        (Fault.SERVER_ERROR, NoAnswer),
        (Fault.UNAVAILABLE, NoAnswer),
        (Fault.HANG_UNBILLED, NoAnswer),
        (Fault.HANG_BILLED, NoAnswer),
        (Fault.PINGS_ONLY, NoAnswer),
        (Fault.HTML_200, NoAnswer),
        (Fault.DROP_BEFORE_HEADERS, NoAnswer),
    ],
)
def test_a_fault_before_the_first_word_ends_in_its_own_error_after_one_request(
    start: Start, fault: Fault, expected: type[ProviderError]
) -> None:
    stand_in = make_app(faults=[fault], timing=AT_ONCE)
    heard: list[str] = []

    with pytest.raises(expected):
        start(stand_in, Hurrying(lambda: stand_in.ledger.requests > 0)).stream(REQUEST, on_text=heard.append)

    assert heard == []
    assert stand_in.ledger.requests == 1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.CUT_STREAM, Ending.BROKEN_OFF),
        (Fault.BAD_JSON, Ending.BROKEN_OFF),
        (Fault.ERROR_IN_CHUNK, Ending.BROKEN_OFF),
        (Fault.DROP_AFTER_HEADERS, Ending.BROKEN_OFF),
        (Fault.SILENT_HALFWAY, Ending.SILENT),
    ],
)
@pytest.mark.parametrize("words", [1, 10, 50])
def test_what_came_before_a_break_is_kept_and_nothing_is_sent_twice(
    start: Start, fault: Fault, expected: Ending, words: int
) -> None:
    stand_in = make_app(faults=[fault], timing=AT_ONCE)
    stand_in.breaks_after_words = words
    heard: list[str] = []
    chat = start(stand_in, Hurrying(lambda: fault is Fault.SILENT_HALFWAY and len("".join(heard).split()) == words))

    end = chat.stream(REQUEST, on_text=heard.append)
    text = "".join(heard)

    assert end.ending is expected
    assert end.ending.is_cut_off
    assert end.text == text
    # A reset connection may lose what was on its way.
    assert words == len(text.split()) or (fault is Fault.DROP_AFTER_HEADERS and len(text.split()) < words)
    assert end.usage is None
    assert stand_in.ledger.requests == stand_in.ledger.billed_answers == 1


def test_an_answer_that_takes_too_long_in_all_is_ended_with_what_came(start: Start) -> None:
    heard: list[str] = []
    chat = start(make_app(faults=[Fault.SLOW_DRIP], timing=AT_ONCE), Hurrying(lambda: bool(heard)))

    end = chat.stream(REQUEST, on_text=heard.append)

    assert end.ending is Ending.OUT_OF_TIME
    assert end.text == "".join(heard)


@pytest.mark.parametrize("fault", [Fault.HANG_BILLED, Fault.PINGS_ONLY, Fault.SILENT_HALFWAY])
def test_a_stop_takes_effect_at_once_while_the_provider_is_silent(start: Start, fault: Fault) -> None:
    stand_in = make_app(faults=[fault], timing=AT_ONCE)
    stand_in.breaks_after_words = 10
    heard: list[str] = []
    began = time.monotonic()

    def is_silent() -> bool:
        is_begun = stand_in.ledger.requests > 0
        return is_begun and (fault is not Fault.SILENT_HALFWAY or len("".join(heard).split()) == 10)

    end = start(stand_in).stream(REQUEST, on_text=heard.append, stop=is_silent)

    assert end.ending is Ending.STOPPED
    assert time.monotonic() - began < PATIENCE.silence_s
    assert end.text == "".join(heard)
    assert end.usage is None


def test_a_stop_amid_the_words_keeps_those_that_came(start: Start) -> None:
    chat = start(make_app(timing=Timing(chat_first_s=0, chat_piece_s=0.01)))
    pieces: list[str] = []

    end = chat.stream(REQUEST, on_text=pieces.append, stop=lambda: len(pieces) == 10)

    assert end.ending is Ending.STOPPED
    assert end.text == "".join(pieces)
    assert len(pieces) == 10


def test_an_answer_over_the_limit_says_so(start: Start) -> None:
    short = ChatRequest(model="gpt-6-luna", messages=REQUEST.messages, max_tokens=5, reasoning_effort="none")

    end = start(make_app(timing=AT_ONCE)).stream(short, on_text=lambda _: None)

    assert end.ending is Ending.LENGTH
    assert end.text == "This is the demo ans"
    assert end.usage is not None


def test_the_safety_filter_s_refusal_is_no_text(start: Start) -> None:
    end, text = answered(start(make_app(faults=[Fault.MODERATION_BLOCKED], timing=AT_ONCE)))

    assert end.ending is Ending.REFUSED
    assert end.refusal == "The demo was told to refuse this."
    assert text == end.text == ""
    assert end.usage is not None


def test_giving_up_hangs_up_so_that_the_provider_can_stop_writing() -> None:
    before = readers()
    stand_in = make_app(faults=[Fault.PINGS_ONLY], timing=Timing(chat_first_s=0, hang_s=3600, drip_s=0.02))
    with over_a_socket(stand_in, Hurrying(lambda: stand_in.ledger.requests > 0)) as chat:
        with pytest.raises(NoAnswer):
            chat.stream(REQUEST, on_text=lambda _: None)
        give_up_at = time.monotonic() + 30
        while readers() > before and time.monotonic() < give_up_at:
            time.sleep(0.01)

        assert readers() == before


def test_a_read_that_blocks_without_a_byte_is_woken_by_giving_up() -> None:
    before = readers()
    stand_in = make_app(faults=[Fault.SILENT_HALFWAY], timing=Timing(chat_first_s=0, chat_piece_s=0, drip_s=60))
    heard: list[str] = []
    with over_a_socket(stand_in, Hurrying(lambda: bool(heard))) as chat:
        chat.stream(REQUEST, on_text=heard.append)
        give_up_at = time.monotonic() + 30
        while readers() > before and time.monotonic() < give_up_at:
            time.sleep(0.01)

        assert readers() == before


def test_many_answers_at_once_do_not_mix(start: Start) -> None:
    chat = start(make_app(timing=Timing(chat_first_s=0, chat_piece_s=0.002)))
    ends: list[tuple[str, str]] = []

    def ask(word: str) -> None:
        request = ChatRequest(model="gpt-6-luna", messages=(ChatMessage("user", word),), max_tokens=2000)
        ends.append((word, chat.stream(request, on_text=lambda _: None).text))

    threads = [threading.Thread(target=ask, args=(f"question-{number}",)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ends) == 12
    assert all(f"“{word}”" in text for word, text in ends)
