"""The site as visitors reach it, and the connection by which pages come alive."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away
from core.doctor.site_look import STREAM as STREAM_PATH
from core.doctor.site_look import SiteFacts

SITE, STREAM = "site", "stream"
_GATEWAY = {502, 503, 504}


def site(evidence: Evidence) -> Iterator[Finding]:
    seen = evidence.site
    about = f"The site {urlsplit(evidence.settings.public_url).netloc.rpartition('@')[2]}"
    if isinstance(seen, SiteFacts):
        yield _judged(evidence, seen, about)
    elif isinstance(seen, Away) and evidence.is_production:
        yield warning(
            SITE,
            about,
            f"Not reached from here: {seen.why}.",
            f"Start `staffroom serve`, or open {evidence.settings.public_url}/healthz from elsewhere.",
        )
    else:
        yield fine(SITE, about, "Not running now.")


def _judged(evidence: Evidence, seen: SiteFacts, about: str) -> Finding:
    if seen.health in _GATEWAY:
        return problem(
            SITE,
            about,
            f"The proxy answers {seen.health}: it finds nobody behind it.",
            "Start `staffroom serve`, and let the proxy pass requests to its HOST and PORT.",
        )
    if seen.leads_elsewhere:
        return warning(SITE, about, "It leads to another address.", "Set PUBLIC_URL to the address it leads to.")
    if not seen.is_staffroom:
        return problem(
            SITE,
            about,
            f"/healthz answers {seen.health}, and not as Staffroom does.",
            "See whether PUBLIC_URL is right, and that the proxy passes every path.",
        )
    if evidence.is_production and seen.sign_in == 400:
        return problem(
            SITE,
            about,
            "Pages answer 400: the name that people open does not arrive.",
            "Let the proxy pass the Host header on, and see ALLOWED_HOSTS.",
        )
    if seen.faults:
        return problem(
            SITE,
            about,
            f"/readyz is not well: {', '.join(seen.faults)}.",
            "See the lines about these, and the server's log.",
        )
    return fine(SITE, about, "Answers, and is well.")


def stream(evidence: Evidence) -> Iterator[Finding]:
    """Answers come over one WebSocket a page; a proxy that doesn't pass it leaves pages empty or still."""
    seen, about = evidence.site, "The connection for answers as they are written"
    if not isinstance(seen, SiteFacts) or not seen.is_staffroom:
        return
    if seen.stream == 101 and seen.stream_answers:
        yield fine(STREAM, about, "Opens, and answers at once.")
    elif seen.stream == 101:
        yield problem(
            STREAM,
            about,
            "Opens, and nothing comes back: something in between holds it up.",
            "Switch buffering off for it in the proxy, and let it last for an hour at least.",
        )
    elif seen.stream == 403:
        yield problem(
            STREAM,
            about,
            "Refused (403): the server takes PUBLIC_URL for a foreign site, or does not know its name.",
            "See ALLOWED_HOSTS, and let the proxy pass Host and Origin on as they came.",
        )
    else:
        yield problem(
            STREAM,
            about,
            f"{STREAM_PATH} answers {seen.stream or 'nothing'} instead of 101: pages stay empty or stop.",
            "Let the proxy pass WebSockets on (the headers Upgrade and Connection); see deploy/.",
        )
