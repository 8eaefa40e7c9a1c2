"""Signing in: whether the providers answer, and whether their tokens could be believed."""

from collections.abc import Iterator

from core.accounts.provider_tokens import ALGORITHMS
from core.accounts.sign_in import OIDC_CALLBACK
from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away
from core.doctor.sign_in_look import AuthFacts, Keys, OidcFacts

AUTH, OIDC = "sign_in_supabase", "sign_in_oidc"
_AUTH_TITLE, _OIDC_TITLE = "Supabase Auth", "OpenID Connect"
_WANTED = " or ".join(ALGORITHMS)


def supabase_auth(evidence: Evidence) -> Iterator[Finding]:
    seen = evidence.auth
    if isinstance(seen, Away):
        yield problem(AUTH, _AUTH_TITLE, f"Not reached: {seen.why}.", f"{seen.to_do} It is about SUPABASE_URL.")
    elif seen is not None:
        yield _auth_fault(seen) or _auth_doubt(seen) or fine(AUTH, _AUTH_TITLE, f"Answers, with {_counted(seen.keys)}.")


def _auth_fault(seen: AuthFacts) -> Finding | None:
    if seen.status in {401, 403}:
        return problem(
            AUTH, _AUTH_TITLE, "It refuses the publishable key.", "Copy SUPABASE_PUBLISHABLE_KEY anew from the project."
        )
    if seen.status != 200:
        return problem(
            AUTH, _AUTH_TITLE, f"It answers with status {seen.status}.", "See SUPABASE_URL, and the project's status."
        )
    if not seen.keys.usable:
        return problem(
            AUTH, _AUTH_TITLE, f"It answers, with {_counted(seen.keys)}.", f"Use an asymmetric signing key ({_WANTED})."
        )
    if seen.takes_passwords is False:
        return problem(AUTH, _AUTH_TITLE, "Sign-in by e-mail is switched off there.", "Switch the e-mail provider on.")
    if seen.lets_sign_up and seen.confirms_by_itself:
        return problem(
            AUTH,
            _AUTH_TITLE,
            "Anyone can make an account with a colleague's e-mail address, which nobody confirms.",
            "Switch sign-up off there, and the confirmation of e-mails on.",
        )
    return None


def _auth_doubt(seen: AuthFacts) -> Finding | None:
    if seen.lets_sign_up:
        return warning(AUTH, _AUTH_TITLE, "Anyone can make an account there.", "Switch sign-up off; admins invite.")
    if seen.confirms_by_itself:
        return warning(
            AUTH,
            _AUTH_TITLE,
            "It takes e-mail addresses without confirmation.",
            "Switch the confirmation of e-mails on.",
        )
    return None


def oidc(evidence: Evidence) -> Iterator[Finding]:
    seen = evidence.oidc
    if isinstance(seen, Away):
        yield problem(OIDC, _OIDC_TITLE, f"Not reached: {seen.why}.", f"{seen.to_do} It is about OIDC_ISSUER.")
    elif seen is not None:
        back = f"{evidence.settings.public_url}{OIDC_CALLBACK}"
        well = f"Answers, with {_counted(seen.keys)}. Its redirect address for us must be {back}."
        fault = _oidc_fault(seen, evidence.settings.oidc_issuer)
        yield problem(OIDC, _OIDC_TITLE, *fault) if fault else fine(OIDC, _OIDC_TITLE, well)


def _oidc_fault(seen: OidcFacts, issuer: str | None) -> tuple[str, str] | None:
    """What was found, and what to do."""
    if seen.status != 200:
        return (
            f"Its description answers with status {seen.status}.",
            "Correct OIDC_ISSUER: its address, followed by /.well-known/openid-configuration, must open.",
        )
    if seen.issuer != issuer:
        return (
            "It calls itself by another issuer than OIDC_ISSUER.",
            "Spell OIDC_ISSUER exactly as `issuer` in the provider's description, a slash at the end included.",
        )
    if seen.missing:
        return (
            f"Its description lacks a secure {', '.join(seen.missing)}.",
            "Ask whoever runs the provider; it must follow OpenID Connect Discovery over https.",
        )
    if not seen.keys.usable:
        return (
            f"It answers, with {_counted(seen.keys)}.",
            f"Have it sign with {_WANTED} and a current key.",
        )
    if seen.refuses_us:
        return (
            "It does not know our client id, or not with this secret.",
            "Copy OIDC_CLIENT_ID and OIDC_CLIENT_SECRET anew; a secret may have run out.",
        )
    return None


def _counted(keys: Keys) -> str:
    if keys.published is None:
        return "no list of signing keys"
    return f"{keys.usable} of {keys.published} signing keys of use"
