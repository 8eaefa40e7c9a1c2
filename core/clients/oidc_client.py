"""One OpenID provider by Authlib: where it is, the request with PKCE, and what a code is worth."""

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.discovery import get_well_known_url

from core.errors import SignInAway, SignInRefused
from core.web_values import is_secure_address

PATIENCE = httpx2.Timeout(connect=5, read=10, write=10, pool=5)
SCOPE = "openid email profile"
# Providers change it about never, and their keys have a life of their own.
METADATA_LIFE_S = 3600
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")

Metadata = Mapping[str, Any]


class OidcClient:
    """Talks to the provider; what it says is checked by whoever asks."""

    def __init__(self, *, issuer: str, client_id: str, client_secret: str | None, redirect_uri: str) -> None:
        self.issuer = issuer
        self.client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._tls = ssl.create_default_context()
        self._reading = threading.Lock()
        self._metadata: Metadata = {}
        self._read_at = float("-inf")

    def keys_address(self) -> str:
        return str(self._discovered()["jwks_uri"])

    def request_address(self, *, state: str, nonce: str, code_verifier: str, prompt: str | None) -> str:
        """Where to send the browser; raises SignInAway."""
        endpoint = self._discovered()["authorization_endpoint"]
        more = {} if prompt is None else {"prompt": prompt}
        with self._client() as client:
            address, _ = client.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=code_verifier, **more
            )
        return str(address)

    def tokens_for(self, code: str, code_verifier: str) -> Mapping[str, Any]:
        """What the code is worth, once; raises SignInRefused or SignInAway."""
        endpoint = self._discovered()["token_endpoint"]
        with _translated(), self._client() as client:
            tokens: Mapping[str, Any] = client.fetch_token(
                endpoint, grant_type="authorization_code", code=code, code_verifier=code_verifier
            )
        return tokens

    def user_info(self, tokens: Mapping[str, Any]) -> Mapping[str, Any]:
        """More claims, where the provider leaves the e-mail out of the token; empty if it has none."""
        endpoint = self._discovered().get("userinfo_endpoint")
        access_token = tokens.get("access_token")
        if not endpoint or not access_token or not is_secure_address(endpoint):
            return {}
        with _translated(), self._plain() as client:
            reply = client.get(endpoint, headers={"Authorization": f"Bearer {access_token}"})
            reply.raise_for_status()
            claims = reply.json()
        return claims if isinstance(claims, dict) else {}

    def _client(self) -> Any:
        return OAuth2Client(
            client_id=self.client_id,
            client_secret=self._client_secret,
            token_endpoint_auth_method=self._auth_method(),
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=PATIENCE,
            verify=self._tls,
        )

    def _plain(self) -> httpx2.Client:
        return httpx2.Client(timeout=PATIENCE, verify=self._tls)

    def _auth_method(self) -> str:
        """RFC 8414, section 2: without a list it is the header."""
        if self._client_secret is None:
            return "none"
        offered = self._discovered().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"

    def _discovered(self) -> Metadata:
        """What the provider says of itself (OpenID Connect Discovery 1.0, section 4)."""
        with self._reading:
            if time.monotonic() - self._read_at > METADATA_LIFE_S:
                self._metadata = self._read_metadata()
                self._read_at = time.monotonic()
            return self._metadata

    def _read_metadata(self) -> Metadata:
        with _translated(), self._plain() as client:
            reply = client.get(discovery_address(self.issuer))
            reply.raise_for_status()
            found = reply.json()
        if not isinstance(found, dict) or found.get("issuer") != self.issuer:
            # Section 4.3: another issuer's description must not be used.
            raise _noted(SignInRefused(), "issuer")
        if not all(is_secure_address(str(found.get(name) or "")) for name in _NEEDED):
            raise _noted(SignInRefused(), "endpoints")
        return found


def discovery_address(issuer: str) -> str:
    """Where a provider describes itself (OpenID Connect Discovery 1.0, section 4.1)."""
    return str(get_well_known_url(issuer, external=True))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OAuthError as error:
        raise _noted(SignInRefused(), error.error) from error
    except (httpx2.HTTPError, ValueError) as error:
        raise _noted(SignInAway(), type(error).__name__) from error


def _noted(refusal: SignInAway | SignInRefused, reason: object) -> SignInAway | SignInRefused:
    structlog.get_logger().info("sign_in_failed", reason=str(reason))
    return refusal
