"""The error replies that a fault asks for, worded as the demo's own."""

from http import HTTPStatus

from core.demo.faults import Fault
from core.demo.provider.models import retired
from core.demo.provider.wire import Json, Refusal


def refusal_for(fault: Fault, request: Json) -> Refusal | None:
    """The refusal that `fault` stands for; None for a fault that lets the request in."""
    if fault is Fault.MODEL_RETIRED:
        return retired(str(request.get("model")))
    if fault is Fault.MODERATION_BLOCKED and "messages" not in request:
        return _blocked()
    return _limit(fault) or _outage(fault) or _denied(fault)


def invalid_key() -> Refusal:
    """What a request without a key, or with one that is not accepted, gets."""
    return Refusal(HTTPStatus.UNAUTHORIZED, "This key is not accepted (demo).", code="invalid_api_key")


def _blocked() -> Refusal:
    return Refusal(
        HTTPStatus.BAD_REQUEST,
        "The safety system stopped this request (demo).",
        code="moderation_blocked",
        kind="image_generation_user_error",
    )


def _denied(fault: Fault) -> Refusal | None:
    match fault:
        case Fault.UNAUTHORIZED:
            return invalid_key()
        case Fault.FORBIDDEN:
            return Refusal(HTTPStatus.FORBIDDEN, "This key may not use the model (demo).", code="model_not_allowed")
        case Fault.BAD_REQUEST:
            return Refusal(HTTPStatus.BAD_REQUEST, "Something in the request is wrong (demo).", code="invalid_value")
    return None


def _limit(fault: Fault) -> Refusal | None:
    busy = HTTPStatus.TOO_MANY_REQUESTS
    match fault:
        case Fault.RATE_LIMITED:
            return Refusal(busy, "Too many requests (demo).", code="rate_limit_exceeded", kind="requests")
        case Fault.RATE_LIMITED_RETRY_AFTER:
            wait = {"Retry-After": "7"}
            return Refusal(busy, "Too many requests (demo).", code="rate_limit_exceeded", kind="requests", headers=wait)
        case Fault.INSUFFICIENT_QUOTA:
            return Refusal(busy, "No credit is left (demo).", code="insufficient_quota", kind="insufficient_quota")
    return None


def _outage(fault: Fault) -> Refusal | None:
    match fault:
        case Fault.SERVER_ERROR:
            return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "Something broke (demo).", kind="server_error")
        case Fault.UNAVAILABLE:
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Overloaded (demo).", kind="server_error")
    return None
