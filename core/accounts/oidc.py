"""Single sign-on: from the request with state, nonce and PKCE to a proven identity."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.accounts.identity import Identity
from core.accounts.provider_tokens import ProviderTokens
from core.accounts.throttle import Throttle
from core.clients.oidc_client import OidcClient
from core.errors import SignInRefused, SignInStale

_RANDOM_BYTES = 32
# `email_verified` is the standard's (Core 1.0, section 5.1); Microsoft says it by the domain's owner instead.
_VERIFIED_BY = ("email_verified", "xms_edov")
_TRUE: tuple[object, ...] = (True, "true", "1", 1)


@dataclass(frozen=True)
class Started:
    """What the browser keeps, signed, until the provider sends it back; whoever lacks it can't go on."""

    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True)
class Answer:
    """What the provider put into the address (RFC 6749, section 4.1.2; RFC 9207 for `iss`)."""

    state: str = ""
    code: str = ""
    error: str = ""
    iss: str = ""


class OpenIdConnect:
    """The school's own provider."""

    def __init__(self, *, client: OidcClient, tokens: ProviderTokens, throttle: Throttle) -> None:
        self._client = client
        self._tokens = tokens
        self._throttle = throttle

    def start(self, *, choose_account: bool) -> tuple[Started, str]:
        """What to keep in the browser, and where to send it; raises SignInAway or SignInRefused."""
        started = Started(*(secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3)))
        address = self._client.request_address(
            state=started.state,
            nonce=started.nonce,
            code_verifier=started.code_verifier,
            prompt="select_account" if choose_account else None,
        )
        return started, address

    def finish(self, started: Started, answer: Answer, address: str) -> Identity:
        """Raises SignInStale, SignInRefused, SignInAway or TooManySignIns."""
        if not hmac.compare_digest(started.state.encode(), answer.state.encode()):
            raise SignInStale
        if answer.error or not answer.code or answer.iss not in {"", self._client.issuer}:
            raise SignInRefused
        with self._throttle.attempt(None, address):
            tokens = self._client.tokens_for(answer.code, started.code_verifier)
            claims = self._tokens.claims(str(tokens.get("id_token") or ""), nonce=started.nonce)
            return self._identity(claims, tokens)

    def _identity(self, claims: Mapping[str, Any], tokens: Mapping[str, Any]) -> Identity:
        if not claims.get("email"):
            more = self._client.user_info(tokens)
            # Section 5.3.2: without the same subject it may be somebody else's.
            claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
        return Identity(
            self._client.issuer,
            claims["sub"],
            claims.get("email"),
            email_verified=any(claims.get(name) in _TRUE for name in _VERIFIED_BY),
        )
