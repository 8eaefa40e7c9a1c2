"""Answers in OpenAI's place where there is no key: a WSGI app with the real wire format, faults on demand."""

import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from core.demo.faults import Fault, FaultPlan
from core.demo.pauses import Pauses, Timing
from core.demo.provider.billing import Bill, BilledKind, Ledger
from core.demo.provider.chat_answers import compose_answer
from core.demo.provider.chat_replies import ChatAnswer, completion, events
from core.demo.provider.chat_requests import read_chat_order
from core.demo.provider.delivery import Delivery, spoil_image
from core.demo.provider.image_answers import draw_order, image_content, url_content
from core.demo.provider.image_requests import ImageOrder, read_image_order
from core.demo.provider.models import CHAT_MODELS, IMAGE_TOKENS, model_entry, model_list, require_model
from core.demo.provider.refusals import invalid_key, refusal_for
from core.demo.provider.shelf import PREFIX, PictureShelf
from core.demo.provider.wire import Json, Refusal, Reply, bad_value, json_reply, new_id

CUT = "staffroom.cut"
"""Under this name a server may put a function into the WSGI environment that ends the connection."""

BODY_MOST = 2_000_000


@dataclass(frozen=True)
class PaidCall:
    """One request that would cost money."""

    request: Json
    request_id: str
    fault: Fault
    address: str
    cut: Callable[[], None]


class StandIn:
    """The app. `faults` says what goes wrong next, `ledger` what would have been charged.

    An answer that breaks does so halfway, or after `breaks_after_words` if that is set.
    """

    breaks_after_words: int | None = None

    def __init__(
        self, *, faults: Iterable[Fault | str], timing: Timing, draw: Callable[..., bytes] = draw_order
    ) -> None:
        self.faults = FaultPlan(faults)
        self.ledger = Ledger()
        self._timing = timing
        self._draw = draw
        self._pauses = Pauses()
        self._attempts = itertools.count()
        self._shelf = PictureShelf()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request_id = new_id("req")
        try:
            reply = self._route(environ, request_id)
        except Refusal as refusal:
            reply = refusal.reply
        headers = [*reply.header_list, ("x-request-id", request_id)]
        start_response(f"{reply.status.value} {reply.status.phrase}", headers)
        return reply.body

    def close(self) -> None:
        """Ends every wait, so that hanging requests end and the process can stop."""
        self._pauses.end()

    def _route(self, environ: WSGIEnvironment, request_id: str) -> Reply:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if method == "GET" and path.startswith(PREFIX):
            return self._shelf.reply(path)
        if not environ.get("HTTP_AUTHORIZATION", "").startswith("Bearer "):
            raise invalid_key()
        match method, path:
            case "POST", "/v1/images/generations":
                return self._images(self._admitted(environ, request_id))
            case "POST", "/v1/chat/completions":
                return self._chat(self._admitted(environ, request_id))
            case "GET", "/v1/models":
                return json_reply(model_list())
            case "GET", _ if path.startswith("/v1/models/"):
                return json_reply(model_entry(require_model(path.rpartition("/")[2], (*IMAGE_TOKENS, *CHAT_MODELS))))
        raise Refusal(HTTPStatus.NOT_FOUND, f"There is nothing at {method} {path} (demo).", code="unknown_url")

    def _admitted(self, environ: WSGIEnvironment, request_id: str) -> PaidCall:
        """The call, unless its fault refuses it before anything is generated."""
        self.ledger.note_request(environ["PATH_INFO"])
        request, fault = _json_body(environ), self.faults.take()
        refusal = refusal_for(fault, request)
        if refusal is not None:
            raise refusal
        if fault is Fault.HANG_UNBILLED:
            self._pauses.wait(self._timing.hang_s)
            raise Refusal(HTTPStatus.GATEWAY_TIMEOUT, "It took too long (demo).", kind="server_error")
        return PaidCall(request, request_id, fault, _address(environ), environ.get(CUT, _nothing))

    def _images(self, call: PaidCall) -> Reply:
        order = read_image_order(call.request, compatible=call.fault is Fault.URL_REPLY)
        self._pauses.wait(self._timing.image_s)
        pictures = [self._drawn(order, call) for _ in range(order.count)]
        if call.fault is Fault.URL_REPLY:
            content = url_content(
                order, [call.address + self._shelf.put(picture, order.output_format) for picture in pictures]
            )
        else:
            content = spoil_image(image_content(order, pictures), pictures[0], call.fault)
        return self._delivery(call).of_json(json.dumps(content).encode())

    def _drawn(self, order: ImageOrder, call: PaidCall) -> bytes:
        picture = self._draw(order, attempt=next(self._attempts))
        self.ledger.charge(Bill(BilledKind.IMAGE, order.model, call.request_id, order.output_tokens, order.safety_id))
        return picture

    def _chat(self, call: PaidCall) -> Reply:
        order = read_chat_order(call.request)
        is_refusal = call.fault is Fault.MODERATION_BLOCKED
        text = "The demo was told to refuse this." if is_refusal else compose_answer(order)
        answer = ChatAnswer(order, text, is_refusal=is_refusal)
        self.ledger.charge(
            Bill(BilledKind.CHAT, order.model, call.request_id, answer.completion_tokens, order.safety_id)
        )
        if order.streams:
            return self._delivery(call, self.breaks_after_words).of_events(events(answer))
        return self._delivery(call).of_json(json.dumps(completion(answer)).encode())

    def _delivery(self, call: PaidCall, breaks_after_words: int | None = None) -> Delivery:
        # The first event of an answer says who speaks and has no word.
        breaks_after = None if breaks_after_words is None else breaks_after_words + 1
        return Delivery(call.fault, self._timing, self._pauses, call.cut, breaks_after)


def make_app(
    *, faults: Iterable[Fault | str] = (), timing: Timing | None = None, draw: Callable[..., bytes] = draw_order
) -> StandIn:
    """A stand-in with a ledger of its own; `faults` are met in turn, over and over."""
    return StandIn(faults=faults, timing=timing or Timing(), draw=draw)


def _json_body(environ: WSGIEnvironment) -> dict[str, Any]:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > BODY_MOST:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large (demo).")
        request = json.loads(environ["wsgi.input"].read(length))
    except ValueError:
        raise bad_value("The body is not JSON.", code="invalid_json", param=None) from None
    if not isinstance(request, dict):
        raise bad_value("The body must be a JSON object.", code="invalid_json", param=None)
    return request


def _address(environ: WSGIEnvironment) -> str:
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
    return f"{environ['wsgi.url_scheme']}://{host}"


def _nothing() -> None:
    """Without a socket there is nothing to cut."""
