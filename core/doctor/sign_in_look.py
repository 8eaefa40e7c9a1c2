"""A look at who proves accounts: Supabase Auth and the school's OpenID provider, with the keys that they publish."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from core.accounts.provider_tokens import ALGORITHMS
from core.accounts.sign_in import OIDC_CALLBACK
from core.clients.oidc_client import OidcClient, discovery_address
from core.clients.probe import Prober, Reply
from core.errors import SignInAway, SignInRefused, Unreachable
from core.settings import Settings
from core.web_values import is_secure_address

_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# As long as one must be (RFC 7636, section 4.1).
_VERIFIER = "staffroom-doctor" * 3


@dataclass(frozen=True)
class Keys:
    """`usable` are those by which we would believe a token; `published` is None where there is no list at all."""

    usable: int = 0
    published: int | None = None


@dataclass(frozen=True)
class AuthFacts:
    """Of Supabase Auth; what is None it did not say."""

    status: int
    keys: Keys
    ahead_s: float | None
    lets_sign_up: bool | None = None
    confirms_by_itself: bool | None = None
    takes_passwords: bool | None = None


@dataclass(frozen=True)
class OidcFacts:
    """Of the OpenID provider; `refuses_us` by what it says to our id and secret."""

    status: int
    issuer: str | None
    missing: tuple[str, ...]
    keys: Keys
    ahead_s: float | None
    refuses_us: bool | None = None


def look_at_supabase_auth(settings: Settings, prober: Prober) -> AuthFacts:
    """Raises Unreachable."""
    base = f"{(settings.supabase_url or '').rstrip('/')}/auth/v1"
    reply = prober.get(f"{base}/settings", {"apikey": settings.supabase_publishable_key or ""})
    said = _object(reply)
    external = said.get("external")
    return AuthFacts(
        status=reply.status,
        keys=_keys(prober, f"{base}/.well-known/jwks.json"),
        ahead_s=reply.ahead_s,
        lets_sign_up=_negated(said.get("disable_signup")),
        confirms_by_itself=_flag(said.get("mailer_autoconfirm")),
        takes_passwords=_flag(external.get("email")) if isinstance(external, Mapping) else None,
    )


def look_at_oidc(settings: Settings, prober: Prober) -> OidcFacts:
    """Raises Unreachable."""
    reply = prober.get(discovery_address(settings.oidc_issuer or ""))
    said = _object(reply)
    issuer, missing = said.get("issuer"), tuple(one for one in _NEEDED if not is_secure_address(str(said.get(one, ""))))
    keys = Keys() if "jwks_uri" in missing else _keys(prober, str(said["jwks_uri"]))
    return OidcFacts(
        status=reply.status,
        issuer=issuer if isinstance(issuer, str) else None,
        missing=missing,
        keys=keys,
        ahead_s=reply.ahead_s,
        refuses_us=None if missing or issuer != settings.oidc_issuer else _refuses_us(settings),
    )


def _refuses_us(settings: Settings) -> bool | None:
    """A made-up code is worth nothing; whether it or we are refused first says whether we are known (RFC 6749, 5.2)."""
    if settings.oidc_client_secret is None:
        return None
    client = OidcClient(
        issuer=settings.oidc_issuer or "",
        client_id=settings.oidc_client_id or "",
        client_secret=settings.oidc_client_secret,
        redirect_uri=f"{settings.public_url}{OIDC_CALLBACK}",
    )
    try:
        client.tokens_for("staffroom-doctor", _VERIFIER)
    except SignInRefused as error:
        return {"invalid_client": True, "invalid_grant": False}.get(getattr(error.__cause__, "error", ""))
    except SignInAway:
        return None
    return False


def _keys(prober: Prober, address: str) -> Keys:
    try:
        listed = _object(prober.get(address)).get("keys")
    except Unreachable:
        return Keys()
    return usable_keys(listed) if isinstance(listed, list) else Keys()


def usable_keys(listed: Sequence[Any], *, now: float | None = None) -> Keys:
    """RFC 7517, section 4; some providers also say until when a key is good."""
    at = time.time() if now is None else now
    usable = sum(isinstance(key, Mapping) and _is_usable(key, at) for key in listed)
    return Keys(usable=usable, published=len(listed))


def _is_usable(key: Mapping[str, Any], now: float) -> bool:
    ends = key.get("exp")
    if key.get("use", "sig") != "sig" or (isinstance(ends, int | float) and ends <= now):
        return False
    with suppress(PyJWTError, ValueError, TypeError, KeyError):
        return PyJWK(dict(key)).algorithm_name in ALGORITHMS
    return False


def _object(reply: Reply) -> Mapping[str, Any]:
    said = reply.json
    return said if isinstance(said, Mapping) else {}


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _negated(value: object) -> bool | None:
    return not value if isinstance(value, bool) else None
