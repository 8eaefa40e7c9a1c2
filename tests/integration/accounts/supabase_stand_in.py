"""Supabase Auth's HTTP API as far as sign-in goes; lines are those of supabase_auth 2.34.1, which reads the answers."""

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import jwt

from tests.integration.accounts.loopback import Answer, Request, answer_json
from tests.integration.accounts.signing_keys import SigningKeys

PUBLISHABLE, SECRET = "sb_publishable_stand_in", "sb_secret_stand_in"
# helpers.py:247 parse_response_api_version; from this date on errors are {"code", "message"} (helpers.py:131-140).
_VERSION = {"X-Supabase-Api-Version": "2024-01-01"}
_MADE_AT = "2026-01-05T08:00:00Z"


@dataclass
class Account:
    """A user; `email` may be shown unconfirmed or banned."""

    email: str
    password: str
    id: str = field(default_factory=lambda: str(uuid4()))
    is_confirmed: bool = True
    is_banned: bool = False


@dataclass
class Family:
    """Refresh tokens that came from one sign-in; using an old one ends them all."""

    account: Account
    current: str = field(default_factory=lambda: uuid4().hex)
    used: set[str] = field(default_factory=set)
    is_revoked: bool = False


@dataclass
class SupabaseStandIn:
    """Answers as the service does; tests change what it knows, and may put a fault before the next answer."""

    keys: SigningKeys = field(default_factory=lambda: SigningKeys("ES256"))
    accounts: list[Account] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    mails: list[dict[str, Any]] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    faults: list[Answer] = field(default_factory=list)
    bend: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    forge: Callable[[dict[str, Any]], str] | None = None
    clock_ahead_s: float = 0
    is_logout_down: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    address: str = ""

    def __call__(self, request: Request) -> Answer:
        if request.path.endswith("/.well-known/jwks.json"):
            # RFC 7517, section 5.
            return answer_json(self.keys.published())
        self.seen.append(request)
        if self.faults:
            return self.faults.pop(0)
        if request.headers.get("apikey") not in {PUBLISHABLE, SECRET}:
            # The gateway's own words, without a code (helpers.py:97 takes `message`).
            return answer_json({"message": "Invalid API key", "hint": "Double check your key."}, 401)
        routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "/auth/v1/settings"): self._settings,
            ("POST", "/auth/v1/token"): self._token,
            ("POST", "/auth/v1/recover"): self._recover,
            ("POST", "/auth/v1/verify"): self._verify,
            ("PUT", "/auth/v1/user"): self._change_user,
            ("POST", "/auth/v1/logout"): self._logout,
            ("POST", "/auth/v1/invite"): self._invite,
        }
        return routes[request.method, request.path](request)

    def refused(self, status: int, code: str, **more: Any) -> Answer:
        """helpers.py:138: the code is read from `code`; helpers.py:97: the words from `message`."""
        return answer_json({"code": code, "message": f"stand-in: {code}", **more}, status, _VERSION)

    def live_families(self) -> list[Family]:
        return [family for family in self.families if not family.is_revoked]

    def _settings(self, _request: Request) -> Answer:
        """What the project's Auth says of itself, as docs/sign-in.md wants it; read by the doctor alone."""
        said = {"external": {"email": True}, "disable_signup": True, "mailer_autoconfirm": False, **self.settings}
        return answer_json(said, headers=_VERSION)

    def _token(self, request: Request) -> Answer:
        grants = {"password": self._by_password, "refresh_token": self._by_refresh_token, "pkce": self._by_code}
        return grants[request.query["grant_type"]](request.json)

    def _by_password(self, body: dict[str, Any]) -> Answer:
        account = self._account(body["email"])
        if account is None:
            return self.refused(400, "invalid_credentials")
        # The service looks at the ban first, and so tells whose account there is.
        if account.is_banned:
            return self.refused(400, "user_banned")
        if account.password != body["password"]:
            return self.refused(400, "invalid_credentials")
        if not account.is_confirmed:
            return self.refused(400, "email_not_confirmed")
        return self._session(self._new_family(account))

    def _by_refresh_token(self, body: dict[str, Any]) -> Answer:
        token = body["refresh_token"]
        family = next((one for one in self.families if token == one.current or token in one.used), None)
        if family is None or family.is_revoked:
            return self.refused(400, "refresh_token_not_found")
        if token in family.used:
            family.is_revoked = True
            return self.refused(400, "refresh_token_already_used")
        family.used.add(token)
        family.current = uuid4().hex
        return self._session(family)

    def _by_code(self, body: dict[str, Any]) -> Answer:
        mail = self._mail("code", body["auth_code"])
        if mail is None:
            return self.refused(404, "flow_state_not_found")
        # RFC 7636, section 4.6.
        digest = hashlib.sha256((body["code_verifier"] or "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != mail["challenge"]:
            return self.refused(400, "bad_code_verifier")
        return self._use(mail)

    def _recover(self, request: Request) -> Answer:
        """200 and {} whether or not there is such a user (gotrue_client.py:882 reads nothing of it)."""
        account = self._account(request.json["email"])
        if account is not None:
            self.mails.append(
                {
                    "account": account,
                    "token_hash": f"pkce_{uuid4().hex}",
                    "code": str(uuid4()),
                    "challenge": request.json["code_challenge"],
                    "redirect_to": request.query["redirect_to"],
                    "type": "recovery",
                }
            )
        return answer_json({}, headers=_VERSION)

    def _verify(self, request: Request) -> Answer:
        mail = self._mail("token_hash", request.json["token_hash"])
        if mail is None or mail["type"] != request.json["type"]:
            return self.refused(403, "otp_expired")
        return self._use(mail)

    def _use(self, mail: dict[str, Any]) -> Answer:
        self.mails.remove(mail)
        mail["account"].is_confirmed = True
        return self._session(self._new_family(mail["account"]))

    def _change_user(self, request: Request) -> Answer:
        family = self._bearer(request)
        password = request.json["password"]
        if family is None:
            return self.refused(403, "session_not_found")
        if password == family.account.password:
            return self.refused(422, "same_password")
        if "password" in password:
            # helpers.py:168-172: the reasons stand in `weak_password`.
            return self.refused(422, "weak_password", weak_password={"reasons": ["pwned"]})
        family.account.password = password
        # helpers.py:72 parse_user_response: the user itself (types.py:214).
        return answer_json(self._user(family.account), headers=_VERSION)

    def _logout(self, request: Request) -> Answer:
        """204 without a body (gotrue_admin_api.py:67)."""
        if self.is_logout_down:
            return self.refused(500, "unexpected_failure")
        family = self._bearer(request)
        for one in self.families:
            if family is one or (family and request.query["scope"] == "global" and one.account is family.account):
                one.is_revoked = True
        return 204, _VERSION, b""

    def _invite(self, request: Request) -> Answer:
        """For the secret key alone; the new user (helpers.py:72 parse_user_response)."""
        if request.headers["apikey"] != SECRET:
            return self.refused(403, "not_admin")
        if self._account(request.json["email"]) is not None:
            return self.refused(422, "email_exists")
        account = Account(request.json["email"], password="", is_confirmed=False)
        self.accounts.append(account)
        back = request.query["redirect_to"]
        self.mails.append(
            {"account": account, "token_hash": uuid4().hex, "code": "", "redirect_to": back, "type": "invite"}
        )
        return answer_json(self._user(account), headers=_VERSION)

    def _session(self, family: Family) -> Answer:
        """helpers.py:45 parse_auth_response, types.py:137 Session; `expires_at` is made up there if it is missing."""
        token = self._access_token(family)
        body = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": 3600,
            "refresh_token": family.current,
            "user": self._user(family.account),
        }
        return answer_json(body, headers=_VERSION)

    def _access_token(self, family: Family) -> str:
        now = time.time() + self.clock_ahead_s
        claims = {
            "iss": f"{self.address}/auth/v1",
            "sub": family.account.id,
            "aud": "authenticated",
            "iat": now,
            "exp": now + 3600,
            "email": family.account.email,
            "role": "authenticated",
            "session_id": str(self.families.index(family)),
            # The user's own to change, so that nothing of ours may believe it.
            "user_metadata": {"email": "principal@north.school", "email_verified": True},
        }
        return (self.forge or self.keys.sign)(self.bend(claims))

    def _user(self, account: Account) -> dict[str, Any]:
        """types.py:214 User: id, app_metadata, user_metadata, aud and created_at must be there."""
        return {
            "id": account.id,
            "aud": "authenticated",
            "role": "authenticated",
            "email": account.email,
            "email_confirmed_at": _MADE_AT if account.is_confirmed else None,
            "app_metadata": {"provider": "email", "providers": ["email"]},
            "user_metadata": {"email_verified": True},
            "created_at": _MADE_AT,
        }

    def _new_family(self, account: Account) -> Family:
        self.families.append(Family(account))
        return self.families[-1]

    def _account(self, email: str) -> Account | None:
        return next((one for one in self.accounts if one.email.lower() == email.lower()), None)

    def _mail(self, what: str, value: str) -> dict[str, Any] | None:
        return next((mail for mail in self.mails if mail[what] == value), None)

    def _bearer(self, request: Request) -> Family | None:
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, options={"verify_signature": False})
        family = self.families[int(claims["session_id"])]
        return None if family.is_revoked else family
