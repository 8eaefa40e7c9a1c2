import base64
import binascii
import io
import json
import threading

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.types import ImagesResponse
from PIL import Image

from core.clients.openai_client import build_openai
from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing

QUICK = Timing(chat_first_s=0, chat_piece_s=0, hang_s=0.05, drip_s=0.005)


def faulty(*faults: Fault | str) -> tuple[StandIn, OpenAI]:
    stand_in = make_app(faults=faults, timing=QUICK)
    return stand_in, build_openai(api_key=None, stand_in=stand_in)


def portrait(client: OpenAI, model: str = "gpt-image-2.5-flare") -> ImagesResponse:
    return client.images.generate(model=model, prompt="A portrait of a boy", quality="low")


def answer_pieces(client: OpenAI) -> list[str | None]:
    with client.chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": "Hello"}], stream=True
    ) as stream:
        return [chunk.choices[0].finish_reason for chunk in stream]


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ("401", openai.AuthenticationError, "invalid_api_key"),
        ("403", openai.PermissionDeniedError, "model_not_allowed"),
        ("400", openai.BadRequestError, "invalid_value"),
        ("moderation_blocked", openai.BadRequestError, "moderation_blocked"),
        ("model_retired", openai.NotFoundError, "model_not_found"),
        ("429", openai.RateLimitError, "rate_limit_exceeded"),
        ("429_retry_after", openai.RateLimitError, "rate_limit_exceeded"),
        ("insufficient_quota", openai.RateLimitError, "insufficient_quota"),
        ("500", openai.InternalServerError, None),
        ("503", openai.InternalServerError, None),
        ("hang_unbilled", openai.InternalServerError, None),
    ],
)
def test_a_refusal_is_the_sdk_s_own_error_and_costs_nothing(
    fault: str, error: type[openai.APIStatusError], code: str | None
) -> None:
    stand_in, client = faulty(fault)

    with pytest.raises(error) as caught:
        portrait(client)

    assert caught.value.code == code
    assert stand_in.ledger.bills == ()


@pytest.mark.parametrize(("fault", "wait"), [("429", None), ("429_retry_after", "7")])
def test_only_one_kind_of_busy_says_how_long_to_wait(fault: str, wait: str | None) -> None:
    _, client = faulty(fault)

    with pytest.raises(openai.RateLimitError) as caught:
        portrait(client)

    assert caught.value.response.headers.get("Retry-After") == wait


@pytest.mark.parametrize("fault", ["drop_before_headers", "drop_after_headers"])
def test_a_dropped_connection_loses_the_image_but_not_the_bill(fault: str) -> None:
    stand_in, client = faulty(fault)

    with pytest.raises((openai.APIConnectionError, ConnectionResetError)):
        portrait(client)

    assert stand_in.ledger.billed_images == 1


@pytest.mark.parametrize("fault", ["bad_json", "pings_only"])
def test_a_reply_that_is_not_json_is_billed(fault: str) -> None:
    stand_in, client = faulty(fault)

    with pytest.raises(json.JSONDecodeError):
        portrait(client)

    assert stand_in.ledger.billed_images == 1


def test_a_page_in_place_of_an_image_has_status_200() -> None:
    stand_in, client = faulty("html_200")

    raw = client.images.with_raw_response.generate(model="gpt-image-2.5-flare", prompt="A boy", quality="low")

    assert raw.http_response.status_code == 200
    assert raw.headers["content-type"].startswith("text/html")
    assert stand_in.ledger.billed_images == 1


def test_base64_that_breaks_off_does_not_decode() -> None:
    _, client = faulty("truncated_base64")

    data = portrait(client).data

    assert data is not None
    with pytest.raises(binascii.Error):
        base64.b64decode(data[0].b64_json or "", validate=True)


def test_an_image_that_breaks_off_opens_but_does_not_load() -> None:
    _, client = faulty("truncated_image")

    data = portrait(client).data

    assert data is not None
    broken = io.BytesIO(base64.b64decode(data[0].b64_json or "", validate=True))
    with Image.open(broken) as picture, pytest.raises(OSError, match="truncated"):
        picture.load()


def test_something_else_than_an_image_decodes_to_text() -> None:
    _, client = faulty("not_an_image")

    data = portrait(client).data

    assert data is not None
    assert base64.b64decode(data[0].b64_json or "", validate=True).isascii()


def test_a_compatible_server_hands_out_an_address_that_can_be_fetched_without_a_key() -> None:
    stand_in, client = faulty("url_reply")

    reply = portrait(client, model="dall-e-3")

    assert reply.data is not None
    assert reply.usage is None
    assert reply.data[0].b64_json is None
    with httpx2.Client(transport=httpx2.WSGITransport(app=stand_in)) as http:
        fetched = http.get(reply.data[0].url or "")
    assert fetched.headers["content-type"] == "image/png"
    assert fetched.content.startswith(b"\x89PNG")


def test_a_picture_nobody_made_is_not_found() -> None:
    stand_in, _ = faulty()

    with httpx2.Client(transport=httpx2.WSGITransport(app=stand_in)) as http:
        assert http.get("http://openai-stand-in.invalid/images/none.png").status_code == 404


@pytest.mark.parametrize("fault", ["slow_drip", "hang_billed", "cut_stream"])
def test_a_slow_image_arrives_whole(fault: str) -> None:
    _, client = faulty(fault)

    data = portrait(client).data

    assert data is not None
    assert base64.b64decode(data[0].b64_json or "", validate=True).startswith(b"\x89PNG")


def test_a_cut_stream_ends_quietly_without_a_finish_reason() -> None:
    stand_in, client = faulty("cut_stream")

    reasons = answer_pieces(client)

    assert len(reasons) > 5
    assert set(reasons) == {None}
    assert stand_in.ledger.billed_answers == 1


def test_pings_alone_bring_no_answer() -> None:
    _, client = faulty("pings_only")

    assert answer_pieces(client) == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("error_in_chunk", openai.APIError),
        ("bad_json", json.JSONDecodeError),
        ("drop_after_headers", ConnectionResetError),
        ("drop_before_headers", (openai.APIConnectionError, ConnectionResetError)),
    ],
)
def test_a_stream_that_breaks_raises(fault: str, error: type[Exception] | tuple[type[Exception], ...]) -> None:
    stand_in, client = faulty(fault)

    with pytest.raises(error):
        answer_pieces(client)

    assert stand_in.ledger.billed_answers == 1


def test_a_blocked_question_is_answered_with_a_refusal() -> None:
    _, client = faulty("moderation_blocked")

    reply = client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Hello"}])

    assert reply.choices[0].finish_reason == "content_filter"
    assert reply.choices[0].message.refusal
    assert reply.choices[0].message.content is None


def test_upcoming_faults_are_met_once_each_and_then_all_is_well() -> None:
    stand_in, client = faulty()
    stand_in.faults.upcoming("503", "none", Fault.RATE_LIMITED)

    with pytest.raises(openai.InternalServerError):
        portrait(client)
    portrait(client)
    with pytest.raises(openai.RateLimitError):
        portrait(client)
    portrait(client)

    assert (stand_in.ledger.requests, stand_in.ledger.billed_images) == (4, 2)


def test_constant_faults_take_turns_until_they_are_switched_off() -> None:
    stand_in, client = faulty("401", "500")

    for error in (openai.AuthenticationError, openai.InternalServerError, openai.AuthenticationError):
        with pytest.raises(error):
            portrait(client)
    stand_in.faults.always()

    assert portrait(client).data


def test_asking_for_models_uses_up_no_fault() -> None:
    _, client = faulty("500")

    assert list(client.models.list())


def test_an_unknown_fault_is_refused_when_the_stand_in_is_made() -> None:
    with pytest.raises(ValueError, match="gremlins"):
        make_app(faults=["gremlins"])


def test_closing_wakes_a_request_that_hangs() -> None:
    stand_in = make_app(faults=["hang_billed"], timing=Timing(hang_s=3600))
    client = build_openai(api_key=None, stand_in=stand_in)
    waiting = threading.Thread(target=portrait, args=(client,))
    waiting.start()

    stand_in.close()
    waiting.join(timeout=60)

    assert not waiting.is_alive()


def test_bills_from_many_threads_are_all_counted() -> None:
    stand_in, client = faulty()
    threads = [threading.Thread(target=answer_pieces, args=(client,)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert stand_in.ledger.billed_answers == stand_in.ledger.requests == 8
