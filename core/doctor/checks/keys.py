"""The OpenAI key, by the one thing that is free to ask for."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from core.clients.openai_client import OPENAI_BASE_URL
from core.clients.openai_models import NoModelList
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away
from core.settings import Settings

OPENAI_KEY, ABOUT = "openai_key", "OpenAI key"


def openai_key(evidence: Evidence) -> Iterator[Finding]:
    """Without a key a demo is complete, and a school's server draws and answers nothing real."""
    settings, seen = evidence.settings, evidence.models
    if seen is None:
        yield _without_key(evidence)
    elif not isinstance(seen, Away):
        yield fine(OPENAI_KEY, ABOUT, f"Set, and {_host(settings)} accepts it: {len(seen.ends)} models.")
    elif seen.code == NoModelList.code and settings.openai_base_url is not None:
        yield warning(OPENAI_KEY, ABOUT, f"Set; {_host(settings)}: {seen.why}, so it was not tried.", seen.to_do)
    else:
        yield problem(OPENAI_KEY, ABOUT, f"Set; {_host(settings)}: {seen.why}.", seen.to_do)


def _without_key(evidence: Evidence) -> Finding:
    found = "Not set: the stand-in draws and answers, and nothing is sent out or paid."
    if evidence.is_production:
        return problem(OPENAI_KEY, ABOUT, found, "Set OPENAI_API_KEY, or staff get made-up answers and drawings.")
    return fine(OPENAI_KEY, ABOUT, found)


def _host(settings: Settings) -> str:
    return urlsplit(settings.openai_base_url or OPENAI_BASE_URL).hostname or "the address"
