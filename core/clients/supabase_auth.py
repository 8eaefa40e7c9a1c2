"""Supabase Auth by its own package: e-mail and password, and new passwords by mail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import structlog
from pydantic import ValidationError
from supabase import Client, create_client
from supabase.lib.client_options import SyncClientOptions
from supabase_auth.errors import AuthApiError, AuthError, AuthRetryableError, AuthUnknownError
from supabase_auth.types import AuthResponse

from core.errors import (
    AppError,
    EmailNotConfirmed,
    LinkUsedUp,
    SamePassword,
    SignInAway,
    SignInBusy,
    SignInRefused,
    WeakPassword,
    WrongPassword,
)

PATIENCE = httpx.Timeout(connect=5, read=10, write=10, pool=5)


class AccountExists(AppError):
    """Nothing that anyone sees: an invitation to somebody who has an account."""

    code = "account_exists"


_BY_CODE: dict[str, type[AppError]] = {
    "invalid_credentials": WrongPassword,
    "user_not_found": WrongPassword,
    # Told before the password is looked at, so it must not be told on.
    "user_banned": WrongPassword,
    "email_not_confirmed": EmailNotConfirmed,
    "weak_password": WeakPassword,
    "same_password": SamePassword,
    "otp_expired": LinkUsedUp,
    "bad_code_verifier": LinkUsedUp,
    "flow_state_not_found": LinkUsedUp,
    "flow_state_expired": LinkUsedUp,
    "session_not_found": LinkUsedUp,
    "email_exists": AccountExists,
    "over_request_rate_limit": SignInBusy,
    "over_email_send_rate_limit": SignInBusy,
}


@dataclass(frozen=True)
class Proven:
    """Whom the provider let in; the token is looked at once, here, and kept nowhere."""

    access_token: str
    user_id: str
    email: str | None
    is_confirmed: bool


@dataclass(frozen=True)
class MailLink:
    """What a link in one of its mails brings: a token's hash, or a code for the browser that asked."""

    kind: str
    token_hash: str | None = None
    code: str | None = None
    code_verifier: str | None = None


class Opened:
    """A link that was used, with the right to set the password once; the client in it is nobody else's."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def set_password(self, password: str) -> Proven:
        """Ends the account's sessions everywhere; raises WeakPassword, and then may be called again."""
        with _translated():
            self._client.auth.update_user({"password": password})
        proven = _proven(self._client.auth.get_session())
        _end_quietly(self._client, "global")
        return proven


class SupabaseAuth:
    """One pool of connections for the process; a client of its own for each sign-in, since signing in changes it."""

    def __init__(
        self, *, url: str, publishable_key: str, secret_key: str | None, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._publishable_key = publishable_key
        self._secret_key = secret_key
        self._http = httpx.Client(http2=False, timeout=PATIENCE, transport=transport)

    @property
    def issuer(self) -> str:
        return f"{self._url}/auth/v1"

    @property
    def keys_address(self) -> str:
        return f"{self.issuer}/.well-known/jwks.json"

    def sign_in(self, email: str, password: str, address: str) -> Proven:
        """Ends the provider's session at once: ours is the only one that lasts. Raises WrongPassword and its kin."""
        client = self._client(address)
        with _translated():
            reply = client.auth.sign_in_with_password({"email": email, "password": password})
        proven = _proven(reply.session)
        _end_quietly(client, "local")
        return proven

    def send_new_password_mail(self, email: str, redirect_to: str, address: str) -> str:
        """Asks for the mail; returns the verifier that its code needs in the end."""
        client = self._client(address)
        with _translated():
            client.auth.reset_password_for_email(email, {"redirect_to": redirect_to})
        return _stored_verifier(client)

    def open_link(self, link: MailLink, address: str) -> Opened:
        """Uses the link up; raises LinkUsedUp."""
        client = self._client(address)
        with _translated(unknown=LinkUsedUp):
            _prove(client, link)
        return Opened(client)

    @property
    def may_invite(self) -> bool:
        return self._secret_key is not None

    def invite(self, email: str, redirect_to: str) -> bool:
        """Makes an account and sends its mail; False for an e-mail that has one already. Needs the secret key."""
        if self._secret_key is None:
            raise SignInRefused
        client = create_client(self._url, self._secret_key, self._options())
        try:
            with _translated():
                client.auth.admin.invite_user_by_email(email, {"redirect_to": redirect_to})
        except AccountExists:
            return False
        return True

    def close(self) -> None:
        self._http.close()

    def _client(self, address: str) -> Client:
        """With the secret key Supabase counts the visitor's address instead of this server's."""
        options = self._options()
        if self._secret_key is None:
            return create_client(self._url, self._publishable_key, options)
        options.headers = {**options.headers, "Sb-Forwarded-For": address}
        return create_client(self._url, self._secret_key, options)

    def _options(self) -> SyncClientOptions:
        return SyncClientOptions(auto_refresh_token=False, persist_session=False, httpx_client=self._http)


def _prove(client: Client, link: MailLink) -> AuthResponse:
    if link.token_hash is not None:
        return client.auth.verify_otp({"token_hash": link.token_hash, "type": _otp_type(link.kind)})
    if link.code is None or link.code_verifier is None:
        raise LinkUsedUp
    params: Any = {"auth_code": link.code, "code_verifier": link.code_verifier}
    return client.auth.exchange_code_for_session(params)


def _otp_type(kind: str) -> Any:
    """Of all kinds of mail only these two end in a password."""
    return "invite" if kind == "invite" else "recovery"


def _stored_verifier(client: Client) -> str:
    storage = client.auth._storage  # noqa: SLF001 -- the package leaves it nowhere else
    stored = storage.get_item(f"{client.auth._storage_key}-code-verifier") or ""  # noqa: SLF001 -- as above
    return stored.partition("/")[0]


def _proven(session: Any) -> Proven:
    if session is None:
        raise SignInRefused
    user = session.user
    return Proven(session.access_token, user.id, user.email, is_confirmed=user.email_confirmed_at is not None)


def _end_quietly(client: Client, scope: Any) -> None:
    """Nobody holds its tokens any more, so that a failure costs nothing."""
    with suppress(AuthError, httpx.HTTPError):
        client.auth.sign_out({"scope": scope})


@contextmanager
def _translated(unknown: type[AppError] = SignInRefused) -> Iterator[None]:
    try:
        yield
    except (AuthRetryableError, AuthUnknownError, ValidationError, httpx.HTTPError) as error:
        raise _noted(SignInAway, error) from error
    except AuthError as error:
        raise _noted(_kind(error, unknown), error) from error


def _kind(error: AuthError, unknown: type[AppError]) -> type[AppError]:
    known = _BY_CODE.get(error.code or "")
    if known is not None:
        return known
    status = getattr(error, "status", 0)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return SignInBusy
    if isinstance(error, AuthApiError) and status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return SignInAway
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return SignInRefused if error.code in {None, "no_authorization", "bad_jwt"} else unknown
    return unknown


def _noted(kind: Callable[[], AppError], error: Exception) -> AppError:
    """The provider's own words may hold an address, so only its code is logged."""
    structlog.get_logger().info(
        "sign_in_failed", provider_code=getattr(error, "code", None), error_type=type(error).__name__
    )
    return kind()
