import ssl
from datetime import UTC, datetime

import httpx2
import openai
import pytest

from core.clients.openai_errors import provider_error, retry_after_s
from core.errors import (
    KeyRejected,
    ModelRetired,
    ModerationBlocked,
    NoAnswer,
    ProviderBusy,
    ProviderError,
    ProviderUnreachable,
    QuotaUsedUp,
    RequestRefused,
)

REQUEST = httpx2.Request("POST", "https://api.openai.invalid/v1/images/generations")
NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def status_error(
    status: int,
    *,
    code: str | None = None,
    kind: str | None = None,
    message: str = "no",
    headers: dict[str, str] | None = None,
) -> openai.APIStatusError:
    response = httpx2.Response(status, request=REQUEST, headers=headers or {})
    body = {"code": code, "type": kind, "message": message}
    return openai.APIStatusError(message, response=response, body=body)


def connection_error(cause: Exception, kind: type[openai.APIConnectionError]) -> openai.APIConnectionError:
    error = kind(request=REQUEST)
    error.__cause__ = cause
    return error


def mapped(error: Exception) -> ProviderError:
    return provider_error(error, model="dall-e-3", successor=lambda _: "gpt-image-2.5-flare", now=lambda: NOON)


@pytest.mark.parametrize(
    "cause",
    [
        httpx2.ConnectError("refused"),
        httpx2.ConnectTimeout("slow"),
        httpx2.PoolTimeout("busy"),
        httpx2.ProxyError("no tunnel"),
        httpx2.UnsupportedProtocol("ftp"),
    ],
)
@pytest.mark.parametrize("kind", [openai.APIConnectionError, openai.APITimeoutError])
def test_what_never_left_is_free(cause: Exception, kind: type[openai.APIConnectionError]) -> None:
    assert isinstance(mapped(connection_error(cause, kind)), ProviderUnreachable)


@pytest.mark.parametrize(
    "cause",
    [
        httpx2.ReadTimeout("slow"),
        httpx2.WriteTimeout("slow"),
        httpx2.ReadError("reset"),
        httpx2.WriteError("reset"),
        httpx2.RemoteProtocolError("closed"),
        httpx2.LocalProtocolError("half sent"),
        httpx2.DecodingError("not gzip"),
        ssl.SSLError("broken"),
    ],
)
@pytest.mark.parametrize("kind", [openai.APIConnectionError, openai.APITimeoutError])
def test_what_may_have_left_may_be_charged(cause: Exception, kind: type[openai.APIConnectionError]) -> None:
    assert isinstance(mapped(connection_error(cause, kind)), NoAnswer)


@pytest.mark.parametrize(
    "error",
    [
        httpx2.ReadError("while the body came"),
        httpx2.StreamClosed(),
        openai.OpenAIError("something else"),
        openai.APIError("in the body", REQUEST, body=None),
        openai.APIConnectionError(request=REQUEST),
    ],
)
def test_an_unclear_end_may_be_charged(error: Exception) -> None:
    assert isinstance(mapped(error), NoAnswer)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (status_error(400), RequestRefused),
        (status_error(400, code="moderation_blocked"), ModerationBlocked),
        (status_error(400, code="content_policy_violation"), ModerationBlocked),
        (status_error(400, code="billing_hard_limit_reached"), QuotaUsedUp),
        (status_error(400, code="model_not_found"), ModelRetired),
        (status_error(401), KeyRejected),
        (status_error(403), KeyRejected),
        (status_error(404, message="The model `dall-e-3` does not exist"), ModelRetired),
        (status_error(404, message="Not Found"), RequestRefused),
        (status_error(307), RequestRefused),
        (status_error(413), RequestRefused),
        (status_error(422), RequestRefused),
        (status_error(429), ProviderBusy),
        (status_error(429, code="rate_limit_exceeded"), ProviderBusy),
        (status_error(429, code="insufficient_quota"), QuotaUsedUp),
        (status_error(429, kind="insufficient_quota"), QuotaUsedUp),
        (status_error(408), NoAnswer),
        (status_error(409), NoAnswer),
        (status_error(500), NoAnswer),
        (status_error(503, code="moderation_blocked"), NoAnswer),
        (status_error(529), NoAnswer),
    ],
)
def test_each_status_has_its_meaning(error: Exception, expected: type[ProviderError]) -> None:
    assert type(mapped(error)) is expected


def test_a_retired_model_names_its_successor() -> None:
    error = mapped(status_error(404, code="model_not_found"))

    assert str(error) == "The model dall-e-3 has been retired. An admin can choose gpt-image-2.5-flare."


def test_a_busy_provider_says_how_long() -> None:
    error = mapped(status_error(429, headers={"Retry-After": "7"}))

    assert isinstance(error, ProviderBusy)
    assert error.retry_after_s == 7


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-4"}, 0),
        ({"retry-after": "86400"}, 600),
        ({"retry-after": "1e300"}, 600),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT"}, 30),
        ({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 -0000"}, 30),
    ],
)
def test_the_wait_is_read_in_every_form(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after_s(headers, now=NOON) == expected
