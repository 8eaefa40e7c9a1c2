"""Checks a provider's token here, by its published keys: who issued it, for whom, and until when."""

import hmac
import threading
from collections.abc import Callable
from typing import Any

import jwt
import structlog
from jwt import PyJWKClient
from jwt.exceptions import PyJWKClientConnectionError, PyJWTError

from core.errors import SignInAway, SignInRefused

# Only signatures by a key that we don't hold; never `none`, and never a shared secret.
ALGORITHMS = ("ES256", "RS256")
KEYS_LIFE_S = 600
KEYS_TIMEOUT_S = 10
# An unknown key id makes us look for new keys, at most this often.
LOOK_AGAIN_S = 30.0
# Clocks of two machines.
LEEWAY_S = 60
_REQUIRED = ["exp", "iat", "sub", "aud", "iss"]


class ProviderTokens:
    """One issuer's tokens for one audience."""

    def __init__(
        self, *, issuer: str, audience: str, keys_address: Callable[[], str], look_again_s: float = LOOK_AGAIN_S
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys_address = keys_address
        self._look_again_s = look_again_s
        self._making = threading.Lock()
        self._keys: PyJWKClient | None = None

    def claims(self, token: str, *, nonce: str | None = None) -> dict[str, Any]:
        """Of a token that is genuine, ours and current; raises SignInRefused or SignInAway."""
        try:
            claims = self._decoded(token)
        except PyJWKClientConnectionError as error:
            raise SignInAway from error
        except (PyJWTError, ValueError, TypeError) as error:
            raise _refused(type(error).__name__) from error
        if nonce is not None and not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise _refused("nonce")
        if not _is_for(claims, self._audience):
            raise _refused("authorized party")
        return claims

    def _decoded(self, token: str) -> dict[str, Any]:
        # The header is asked for the key's name and nothing else.
        if jwt.get_unverified_header(token).get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError
        key = self._published_keys().get_signing_key_from_jwt(token)
        return jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=self._audience,
            issuer=self._issuer,
            leeway=LEEWAY_S,
            options={"require": _REQUIRED},
        )

    def _published_keys(self) -> PyJWKClient:
        with self._making:
            if self._keys is None:
                self._keys = PyJWKClient(
                    self._keys_address(),
                    lifespan=KEYS_LIFE_S,
                    timeout=KEYS_TIMEOUT_S,
                    cooldown_duration=self._look_again_s,
                )
            return self._keys


def _is_for(claims: dict[str, Any], audience: str) -> bool:
    """OpenID Connect Core 1.0, section 3.1.3.7, points 4 and 5: several audiences need an authorized party."""
    party = claims.get("azp")
    if party is None:
        return not isinstance(claims["aud"], list) or len(claims["aud"]) == 1
    return bool(party == audience)


def _refused(reason: str) -> SignInRefused:
    structlog.get_logger().warning("provider_token_refused", reason=reason)
    return SignInRefused()
