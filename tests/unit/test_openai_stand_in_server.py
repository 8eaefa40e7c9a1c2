import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import openai
import pytest
from openai import OpenAI

from core.clients.openai_client import build_openai
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing
from core.demo.stand_in_server import StandInServer

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def stand_in() -> StandIn:
    return make_app(timing=Timing(chat_first_s=0, chat_piece_s=0, hang_s=30, drip_s=0.1))


@pytest.fixture
def client(stand_in: StandIn) -> Iterator[OpenAI]:
    server = StandInServer(stand_in, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with build_openai(api_key="demo", base_url=server.address) as client:
        yield client
    server.stop()
    thread.join()


def portrait(client: OpenAI) -> object:
    return client.images.generate(model="gpt-image-2.5-flare", prompt="A portrait of a girl", quality="low")


def answer(client: OpenAI) -> str:
    with client.chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": "Hello"}], stream=True
    ) as stream:
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream)


def ask_in_vain(client: OpenAI) -> None:
    with pytest.raises(openai.APIError):
        portrait(client)


def test_portraits_and_answers_come_over_a_socket(client: OpenAI, stand_in: StandIn) -> None:
    assert portrait(client)
    assert "demo" in answer(client)
    assert (stand_in.ledger.billed_images, stand_in.ledger.billed_answers) == (1, 1)


@pytest.mark.parametrize("fault", ["drop_before_headers", "drop_after_headers"])
def test_a_cut_socket_is_a_connection_error(client: OpenAI, stand_in: StandIn, fault: str) -> None:
    stand_in.faults.always(fault)

    with pytest.raises(openai.APIConnectionError) as caught:
        portrait(client)

    assert not isinstance(caught.value, openai.APITimeoutError)
    assert stand_in.ledger.billed_images == 1


def test_a_stream_over_a_cut_socket_does_not_pass_for_a_finished_one(client: OpenAI, stand_in: StandIn) -> None:
    stand_in.faults.always("drop_after_headers")

    with pytest.raises((openai.APIConnectionError, httpx2.TransportError)):
        answer(client)


@pytest.mark.parametrize(("fault", "billed"), [("hang_unbilled", 0), ("hang_billed", 1)])
def test_a_hanging_request_runs_into_the_client_s_time_out(
    client: OpenAI, stand_in: StandIn, fault: str, billed: int
) -> None:
    stand_in.faults.always(fault)

    with pytest.raises(openai.APITimeoutError):
        portrait(client.with_options(timeout=1))

    deadline = time.monotonic() + 60
    while stand_in.ledger.billed_images < billed and time.monotonic() < deadline:
        time.sleep(0.01)
    assert stand_in.ledger.billed_images == billed


def test_a_drip_outlasts_the_patience_between_bytes(client: OpenAI, stand_in: StandIn) -> None:
    stand_in.faults.always("slow_drip")
    started = time.monotonic()

    assert portrait(client.with_options(timeout=1.5))
    assert time.monotonic() - started > 1.5


def test_stopping_does_not_wait_for_a_client_that_hangs() -> None:
    stand_in = make_app(faults=["hang_unbilled"], timing=Timing(hang_s=3600))
    server = StandInServer(stand_in, 0)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()

    with build_openai(api_key="demo", base_url=server.address) as client:
        asking = threading.Thread(target=ask_in_vain, args=(client,))
        asking.start()
        while stand_in.ledger.requests == 0:
            time.sleep(0.01)
        server.stop()
        serving.join(timeout=60)
        asking.join(timeout=60)

    assert not serving.is_alive()
    assert not asking.is_alive()


def test_it_listens_on_loopback_alone() -> None:
    server = StandInServer(make_app(), 0)

    assert server.socket.getsockname()[0] == "127.0.0.1"
    server.server_close()


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_the_served_stand_in_stops_on_sigterm() -> None:
    program = (
        "from core.demo import stand_in_server as s\n"
        "start = s.StandInServer.serve_forever\n"
        "s.StandInServer.serve_forever = lambda self, **k: (print(self.address, flush=True), start(self, **k))\n"
        "s.serve(0, ['429'])\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with build_openai(api_key="demo", base_url=address) as client, pytest.raises(openai.RateLimitError):
            portrait(client)
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=60) == 0
