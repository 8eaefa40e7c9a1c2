"""What each fault of a provider does to one paid image call, in this process and over a socket."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.clients.image_fetch import ImageFetch
from core.clients.openai_client import build_openai
from core.clients.openai_images import ImageRequest, OpenAIImages, RawReply
from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing
from core.demo.stand_in_server import StandInServer
from core.errors import (
    KeyRejected,
    ModelRetired,
    ModerationBlocked,
    NoAnswer,
    NotAnImage,
    ProviderBusy,
    ProviderError,
    QuotaUsedUp,
    RequestRefused,
)
from core.photos.images import portrait_from
from core.photos.mark import Mark
from core.photos.reply import parse_reply
from core.usage.prices import CostSource, settle_image, successor

MODEL, SIZE, QUALITY = "gpt-image-2.5-flare", "1024x1024", "medium"
REQUEST = ImageRequest(prompt="a school portrait", model=MODEL, size=SIZE, quality=QUALITY, safety_id="h1")
FOR_EVER = Timing(hang_s=600, drip_s=10)
MARK = Mark(model=MODEL, made_at=datetime(2026, 11, 23, tzinfo=UTC), by_stand_in=True)

Start = Callable[[StandIn], OpenAIImages]


@contextmanager
def inside(stand_in: StandIn) -> Iterator[OpenAIImages]:
    with build_openai(api_key=None, stand_in=stand_in) as client:
        yield OpenAIImages(client, successor=successor, late_reply_s=60)
    stand_in.close()


@contextmanager
def over_a_socket(stand_in: StandIn) -> Iterator[OpenAIImages]:
    server = StandInServer(stand_in, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with build_openai(api_key="sk-made-up", base_url=server.address) as client:
        yield OpenAIImages(client, successor=successor, late_reply_s=60)
    server.stop()
    thread.join()


@pytest.fixture(params=[inside, over_a_socket], ids=["inside", "socket"])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    with ExitStack() as running:
        yield lambda stand_in: running.enter_context(request.param(stand_in))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.UNAUTHORIZED, KeyRejected),
        (Fault.FORBIDDEN, KeyRejected),
        (Fault.BAD_REQUEST, RequestRefused),
        (Fault.MODERATION_BLOCKED, ModerationBlocked),
        (Fault.MODEL_RETIRED, ModelRetired),
        (Fault.RATE_LIMITED, ProviderBusy),
        (Fault.INSUFFICIENT_QUOTA, QuotaUsedUp),
        (Fault.SERVER_ERROR, NoAnswer),
        (Fault.UNAVAILABLE, NoAnswer),
        (Fault.DROP_BEFORE_HEADERS, NoAnswer),
        (Fault.DROP_AFTER_HEADERS, NoAnswer),
    ],
)
def test_a_fault_ends_in_its_own_error_after_one_request(
    start: Start, fault: Fault, expected: type[ProviderError]
) -> None:
    stand_in = make_app(faults=[fault], timing=FOR_EVER)

    with pytest.raises(expected):
        start(stand_in).generate(REQUEST)

    assert stand_in.ledger.requests == 1


@pytest.mark.parametrize("fault", [Fault.HANG_UNBILLED, Fault.PINGS_ONLY, Fault.SLOW_DRIP])
def test_whoever_never_finishes_is_waited_for_only_so_long(start: Start, fault: Fault) -> None:
    images = start(make_app(faults=[fault], timing=FOR_EVER))

    with pytest.raises(NoAnswer):
        images.generate(REQUEST, deadline_s=0.2)


@pytest.mark.parametrize(
    "fault", [Fault.BAD_JSON, Fault.HTML_200, Fault.TRUNCATED_BASE64, Fault.TRUNCATED_IMAGE, Fault.NOT_AN_IMAGE]
)
def test_a_reply_without_a_usable_image_is_told_as_such(start: Start, fault: Fault) -> None:
    reply = start(make_app(faults=[fault])).generate(REQUEST)

    with pytest.raises(NotAnImage):
        portrait_from(parse_reply(reply.body).decoded() or b"", MARK)


def test_a_good_reply_becomes_a_priced_portrait(start: Start) -> None:
    reply = parse_reply(start(make_app()).generate(REQUEST).body)

    portrait = portrait_from(reply.decoded() or b"", MARK)
    cost = settle_image(MODEL, SIZE, QUALITY, reply.usage)
    assert (portrait.width, portrait.height) == (1024, 1024)
    assert cost.source is CostSource.REPORTED
    assert cost.cost_usd is not None
    assert Decimal("0.013") < cost.cost_usd < Decimal("0.014")


def test_a_wish_to_wait_is_passed_on(start: Start) -> None:
    with pytest.raises(ProviderBusy) as caught:
        start(make_app(faults=[Fault.RATE_LIMITED_RETRY_AFTER])).generate(REQUEST)

    assert caught.value.retry_after_s


def test_a_billed_reply_that_comes_too_late_is_kept(start: Start) -> None:
    kept: list[RawReply] = []
    arrived = threading.Event()

    def keep(reply: RawReply) -> None:
        kept.append(reply)
        arrived.set()

    stand_in = make_app(timing=Timing(image_s=1.0))
    with pytest.raises(NoAnswer):
        start(stand_in).generate(REQUEST, deadline_s=0.1, on_reply=keep)

    assert arrived.wait(60)
    assert parse_reply(kept[0].body).b64
    assert stand_in.ledger.billed_images == 1


def test_an_image_by_address_is_fetched_from_a_listed_host() -> None:
    fetch = ImageFetch(frozenset({"127.0.0.1"}), allow_loopback_http=True)

    with over_a_socket(make_app(faults=[Fault.URL_REPLY])) as images:
        reply = parse_reply(images.generate(REQUEST).body)
        raw = fetch.fetch(reply.url or "")

    assert portrait_from(raw, MARK).width == 1024
