"""What each failure of a paid call means for the money: not sent, refused, or perhaps charged."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from openai import APIConnectionError, APIStatusError

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

# The request had no connection to travel on. All else may have reached the provider.
NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)
BLOCKED_CODES = {"moderation_blocked", "content_policy_violation"}
QUOTA_CODES = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
UNCLEAR_STATUSES = {408, 409}
# A pause holds for everyone with the same key, so one odd header must not stop a school for a day.
LONGEST_WAIT_S = 600.0


def provider_error(
    error: Exception,
    *,
    model: str,
    successor: Callable[[str], str | None],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ProviderError:
    """The error to raise for an exception of the SDK or of the connection below it."""
    if isinstance(error, APIStatusError):
        return _for_status(error, model=model, successor=successor, now=now)
    cause = error.__cause__ if isinstance(error, APIConnectionError) else error
    return ProviderUnreachable() if isinstance(cause, NEVER_SENT) else NoAnswer()


def _for_status(
    error: APIStatusError, *, model: str, successor: Callable[[str], str | None], now: Callable[[], datetime]
) -> ProviderError:
    status = error.status_code
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR or status in UNCLEAR_STATUSES:
        return NoAnswer()
    named = {error.code, error.type}
    if named & QUOTA_CODES:
        return QuotaUsedUp()
    if named & BLOCKED_CODES:
        return ModerationBlocked()
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        return ProviderBusy(retry_after_s(error.response.headers, now=now()))
    if status in {httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN}:
        return KeyRejected()
    return ModelRetired(model, successor(model)) if _is_about_the_model(error) else RequestRefused()


def _is_about_the_model(error: APIStatusError) -> bool:
    """A wrong base URL answers 404 as well, and then no other model would help."""
    missing = error.status_code == httpx2.codes.NOT_FOUND and "model" in error.message.lower()
    return missing or error.code == "model_not_found"


def retry_after_s(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """The wait the provider asks for, in seconds and within reason; None where it says nothing that can be read."""
    wait_s = _asked_for_s(headers, now)
    return None if wait_s is None else min(wait_s, LONGEST_WAIT_S)


def _asked_for_s(headers: Mapping[str, str], now: datetime) -> float | None:
    milliseconds = _seconds(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    seconds = _seconds(text)
    return seconds if seconds is not None else _seconds_until(text, now)


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return max(value, 0.0) if math.isfinite(value) else None


def _seconds_until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - now).total_seconds(), 0.0)
