"""This machine's clock against everyone's who told the time: links, sessions and tokens go by it."""

from collections.abc import Iterator, Mapping

from core.clients.openai_models import ModelList
from core.db.inspection import DatabaseFacts
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.sign_in_look import AuthFacts, OidcFacts

CLOCK, ABOUT = "clock", "Clock"
FINE_S, LONGEST_S = 2.0, 30.0
_SET = "Let the clock be set by the network (`timedatectl set-ntp true`), here or there."


def clock(evidence: Evidence) -> Iterator[Finding]:
    apart = _differences(evidence)
    if not apart:
        return
    whose, ahead_s = max(apart.items(), key=lambda one: abs(one[1]))
    if abs(ahead_s) <= FINE_S:
        yield fine(CLOCK, ABOUT, f"Within {FINE_S:.0f} seconds of {', '.join(apart)}.")
        return
    found = f"{abs(ahead_s):.0f} seconds {'before' if ahead_s > 0 else 'behind'} that of {whose}."
    if abs(ahead_s) > LONGEST_S:
        yield problem(CLOCK, ABOUT, f"{found} Sign-ins and links may be refused.", _SET)
    else:
        yield warning(CLOCK, ABOUT, found, _SET)


def _differences(evidence: Evidence) -> Mapping[str, float]:
    """How far we are before each, in seconds."""
    told: dict[str, float | None] = {}
    if isinstance(evidence.app, DatabaseFacts):
        told["the database"] = evidence.app.ahead_s
    if isinstance(evidence.models, ModelList):
        told["OpenAI"] = evidence.models.ahead_s
    if isinstance(evidence.auth, AuthFacts):
        told["Supabase Auth"] = evidence.auth.ahead_s
    if isinstance(evidence.oidc, OidcFacts):
        told["the OpenID provider"] = evidence.oidc.ahead_s
    return {whose: ahead_s for whose, ahead_s in told.items() if ahead_s is not None}
