"""An OpenID provider; each answer names the section that it satisfies."""

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from tests.integration.accounts.loopback import Answer, Request, answer_json
from tests.integration.accounts.signing_keys import SigningKeys

CLIENT_ID, CLIENT_SECRET = "staffroom", "a-secret-of-the-provider"
REDIRECT_URI = "http://127.0.0.1:8501/sign-in/oidc/callback"


@dataclass
class OidcStandIn:
    """Whoever is asked for is `subject`; tests bend its tokens and take its answers away."""

    keys: SigningKeys = field(default_factory=lambda: SigningKeys("RS256"))
    address: str = ""
    subject: str = "mei"
    email: str | None = "mei@north.school"
    more: dict[str, Any] = field(default_factory=lambda: {"email_verified": True})
    in_user_info: dict[str, Any] = field(default_factory=dict)
    bend: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    forge: Callable[[dict[str, Any]], str] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Answer] = field(default_factory=dict)
    clock_ahead_s: float = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    access_tokens: set[str] = field(default_factory=set)
    seen: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Answer:
        self.seen.append(request)
        if request.path in self.faults:
            return self.faults[request.path]
        routes: dict[str, Callable[[Request], Answer]] = {
            "/.well-known/openid-configuration": lambda _: answer_json(self.description()),
            "/jwks": lambda _: answer_json(self.keys.published()),
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._user_info,
        }
        return routes[request.path](request)

    def description(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, section 3."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            **self.metadata,
        }

    def visit(self, address: str) -> dict[str, str]:
        """A browser that signs in there; what it brings back (RFC 6749, section 4.1.2; RFC 9207, section 2)."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = uuid4().hex
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.address}

    def _authorize(self, request: Request) -> Answer:
        address = f"{self.address}/authorize?{urlencode(request.query)}"
        back = urlencode(self.visit(address))
        return 302, {"Location": f"{request.query['redirect_uri']}?{back}"}, b""

    def _token(self, request: Request) -> Answer:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        asked = self.codes.pop(request.form["code"])
        access_token = uuid4().hex
        self.used[request.form["code"]] = access_token
        self.access_tokens.add(access_token)
        # OpenID Connect Core 1.0, section 3.1.3.3.
        body: dict[str, Any] = {"access_token": access_token, "token_type": "Bearer", "expires_in": 300}
        body["id_token"] = self._id_token(asked["nonce"])
        return answer_json(body, headers={"Cache-Control": "no-store"})

    def _refusal(self, request: Request) -> Answer | None:
        """RFC 6749, section 5.2."""
        if not self._is_client(request):
            return answer_json({"error": "invalid_client"}, 401)
        code = request.form["code"]
        if code in self.used:
            # Section 4.1.2: a code used twice is refused, and what it was worth should be taken back.
            self.access_tokens.discard(self.used[code])
            return answer_json({"error": "invalid_grant"}, 400)
        asked = self.codes.get(code)
        if asked is None or asked["redirect_uri"] != request.form["redirect_uri"]:
            return answer_json({"error": "invalid_grant"}, 400)
        # RFC 7636, section 4.6.
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return answer_json({"error": "invalid_grant"}, 400)
        return None

    def _is_client(self, request: Request) -> bool:
        """RFC 6749, section 2.3.1: by the header, or where the description says so by the body."""
        header = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if "client_secret_post" in self.metadata.get("token_endpoint_auth_methods_supported", []):
            return (request.form["client_id"], request.form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        return request.headers.get("authorization") == f"Basic {header}"

    def _id_token(self, nonce: str) -> str:
        """Core 1.0, section 2; e-mail as in section 5.1."""
        now = time.time() + self.clock_ahead_s
        claims = {
            "iss": self.address,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **({} if self.email is None else {"email": self.email}),
            **self.more,
        }
        return (self.forge or self.keys.sign)(self.bend(claims))

    def _user_info(self, request: Request) -> Answer:
        """Core 1.0, section 5.3.2."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.access_tokens:
            return answer_json({"error": "invalid_token"}, 401)
        return answer_json({"sub": self.subject, **self.in_user_info})
