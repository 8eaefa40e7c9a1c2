"""E-mail and password, checked by Supabase Auth; nothing of either is kept."""

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from core.accounts.identity import Identity
from core.accounts.provider_tokens import ProviderTokens
from core.accounts.throttle import Throttle
from core.clients.supabase_auth import MailLink, Opened, Proven, SupabaseAuth
from core.errors import SignInBusy, SignInRefused, WeakPassword, WrongPassword

# For whom Supabase Auth issues what a signed-in user gets.
AUDIENCE = "authenticated"
FEWEST_CHARACTERS = 12
MOST_CHARACTERS = 200
LONGEST_EMAIL = 254
OPENED_FOR_S = 600
MOST_OPENED = 1000


@dataclass(frozen=True)
class _KeptOpen:
    opened: Opened
    until: float


class PasswordSignIn:
    """Says who somebody is; whether that is a member, the sessions say."""

    def __init__(self, *, auth: SupabaseAuth, tokens: ProviderTokens, throttle: Throttle) -> None:
        self._auth = auth
        self._tokens = tokens
        self._throttle = throttle
        self._opening = threading.Lock()
        self._opened: OrderedDict[str, _KeptOpen] = OrderedDict()

    def sign_in(self, email: str, password: str, address: str) -> Identity:
        """Raises WrongPassword, EmailNotConfirmed, TooManySignIns, SignInBusy, SignInAway or SignInRefused."""
        email = email.strip()
        with self._throttle.attempt(email, address):
            if not _can_be_an_email(email) or not 0 < len(password) <= MOST_CHARACTERS:
                raise WrongPassword
            return self._identity(self._auth.sign_in(email, password, address))

    def send_new_password_mail(self, email: str, redirect_to: str, address: str) -> str | None:
        """The same for every address, known or not: returns a verifier for the browser, None for what is no e-mail.

        Raises TooManyMails or SignInAway.
        """
        email = email.strip()
        self._throttle.mail(email, address)
        if not _can_be_an_email(email):
            return None
        try:
            return self._auth.send_new_password_mail(email, redirect_to, address)
        except (SignInBusy, SignInRefused, WrongPassword):
            # Supabase limits mails per account, so that this would tell which accounts there are.
            return None

    def set_password(self, link: MailLink, password: str, address: str) -> Identity:
        """Whoever holds the link owns the e-mail; raises WeakPassword, and then the link may be used again."""
        if not FEWEST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
            raise WeakPassword(f"Choose a password of {FEWEST_CHARACTERS} characters at least.")
        with self._throttle.attempt(None, address):
            opened = self._opened_once(link, address)
            identity = self._identity(opened.set_password(password))
        self._forget(link)
        return identity

    @property
    def may_invite(self) -> bool:
        """Whether the school gave us the key that makes accounts."""
        return self._auth.may_invite

    def invite(self, email: str, redirect_to: str) -> bool:
        """Sends a member the mail with which they choose a password; False if they have an account already.

        For an admin's page alone. Raises SignInBusy, SignInAway or SignInRefused.
        """
        return self._auth.invite(email.strip(), redirect_to)

    def _identity(self, proven: Proven) -> Identity:
        claims = self._tokens.claims(proven.access_token)
        if claims["sub"] != proven.user_id or claims.get("is_anonymous"):
            raise SignInRefused
        return Identity(self._auth.issuer, proven.user_id, proven.email, email_verified=proven.is_confirmed)

    def _opened_once(self, link: MailLink, address: str) -> Opened:
        """Kept for some minutes in this process, since a link works once and a password may be too weak."""
        with self._opening:
            kept = self._opened.get(_name(link))
        if kept is not None and kept.until > time.monotonic():
            return kept.opened
        opened = self._auth.open_link(link, address)
        with self._opening:
            self._opened[_name(link)] = _KeptOpen(opened, time.monotonic() + OPENED_FOR_S)
            while len(self._opened) > MOST_OPENED or next(iter(self._opened.values())).until < time.monotonic():
                self._opened.popitem(last=False)
        return opened

    def _forget(self, link: MailLink) -> None:
        with self._opening:
            self._opened.pop(_name(link), None)


def _name(link: MailLink) -> str:
    return hashlib.sha256(f"{link.token_hash}/{link.code}/{link.code_verifier}".encode()).hexdigest()


def _can_be_an_email(text: str) -> bool:
    name, _, host = text.partition("@")
    return bool(name and host) and len(text) <= LONGEST_EMAIL and text.isprintable() and " " not in text
