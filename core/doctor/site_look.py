"""A look at the site as visitors reach it: by PUBLIC_URL, through whatever stands in between."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from core.clients.probe import Prober
from core.errors import Unreachable

STREAM = "/_stcore/stream"


@dataclass(frozen=True)
class SiteFacts:
    """Statuses, 0 for none; `faults` are the checks that `/readyz` does not call well."""

    health: int
    is_staffroom: bool
    leads_elsewhere: bool
    ready: int
    faults: tuple[str, ...]
    sign_in: int
    stream: int
    stream_answers: bool


def look_at_site(public_url: str, prober: Prober) -> SiteFacts:
    """Raises Unreachable where not even `/healthz` answers."""
    health = prober.get(f"{public_url}/healthz")
    said = health.json
    is_staffroom = health.status == 200 and isinstance(said, Mapping) and said.get("status") == "ok"
    ready, faults = _ready(public_url, prober)
    stream, answers = _stream(public_url, prober)
    return SiteFacts(
        health=health.status,
        is_staffroom=is_staffroom,
        leads_elsewhere=health.location is not None,
        ready=ready,
        faults=faults,
        sign_in=_sign_in(public_url, prober),
        stream=stream,
        stream_answers=answers,
    )


def _ready(public_url: str, prober: Prober) -> tuple[int, tuple[str, ...]]:
    with suppress(Unreachable):
        reply = prober.get(f"{public_url}/readyz")
        said = reply.json
        checks = said.get("checks") if isinstance(said, Mapping) else None
        named = checks.items() if isinstance(checks, Mapping) else ()
        # Names of ours are plain words; whoever else answers is not repeated.
        return reply.status, tuple(str(name) for name, word in named if word != "ok" and str(name).isalpha())
    return 0, ()


def _sign_in(public_url: str, prober: Prober) -> int:
    with suppress(Unreachable):
        return prober.get(f"{public_url}/sign-in").status
    return 0


def _stream(public_url: str, prober: Prober) -> tuple[int, bool]:
    with suppress(Unreachable):
        reply = prober.open_web_socket(f"{public_url}{STREAM}", public_url)
        return reply.status, reply.ponged
    return 0, False
