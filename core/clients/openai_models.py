"""The provider's list of models: free to ask for, and the cheapest proof that a key is right."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2
from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAI, OpenAIError

from core.clients.probe import ahead_of
from core.errors import Unreachable

PATIENCE = httpx2.Timeout(connect=2, read=2.5, write=2, pool=2)


@dataclass(frozen=True)
class ModelList:
    """Each model with the day on which it ends, if the provider says so."""

    ends: dict[str, date | None]
    ahead_s: float | None


class NoModelList(Unreachable):
    """The server is there and has none to show, as some compatible ones."""

    code = "no_model_list"


def list_models(client: OpenAI, clock: Callable[[], float] = time.time) -> ModelList:
    """Raises Unreachable, or NoModelList."""
    asked_at = clock()
    try:
        reply = client.with_options(timeout=PATIENCE, max_retries=0).models.with_raw_response.list()
        answered_at = clock()
        page: Any = reply.parse()
    except APIStatusError as error:
        raise _refused(error) from error
    except APIConnectionError as error:
        raise _unconnected(error) from error
    except (OpenAIError, ValueError, AttributeError) as error:
        # A page of HTML comes to the SDK as text, which it then takes for an object.
        raise _unreadable() from error
    found = getattr(page, "data", None)
    if not isinstance(found, list):
        raise _unreadable()
    ahead_s = ahead_of(reply.headers.get("date"), asked_at, answered_at)
    return ModelList({one.id: _day(one.shutdown_date) for one in found}, ahead_s)


def _refused(error: APIStatusError) -> Unreachable:
    status = error.status_code
    if status == httpx2.codes.UNAUTHORIZED:
        return Unreachable(
            "the key is refused (401)", "Set OPENAI_API_KEY to a key that is valid for this address, and start again."
        )
    if status == httpx2.codes.FORBIDDEN:
        return Unreachable(
            "the key may not do this (403)",
            "Allow the key to list models and to use chat and images; see OPENAI_ORG_ID and the account's region, too.",
        )
    if status in {httpx2.codes.NOT_FOUND, httpx2.codes.METHOD_NOT_ALLOWED, httpx2.codes.NOT_IMPLEMENTED}:
        return NoModelList(
            f"it has no list of models ({status})",
            "See whether OPENAI_BASE_URL is complete; it usually ends in /v1. Some compatible servers have no list.",
        )
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        return Unreachable("it asks for a pause (429)", "Wait a minute; if it stays so, look at the account's quota.")
    return Unreachable(
        f"it answers with status {status}", "Look at the provider's status page, or the server's own log."
    )


def _unconnected(error: APIConnectionError) -> Unreachable:
    if isinstance(error, APITimeoutError):
        return Unreachable("no answer in time", "See whether OPENAI_BASE_URL is right and a firewall in the way.")
    return Unreachable("no connection", "See OPENAI_BASE_URL, and whether this machine may reach that host.")


def _unreadable() -> Unreachable:
    return Unreachable("what answers is not its API", "Correct OPENAI_BASE_URL; it usually ends in /v1.")


def _day(text: str | None) -> date | None:
    with suppress(ValueError, TypeError):
        return date.fromisoformat((text or "")[:10])
    return None
