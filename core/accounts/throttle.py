"""How often somebody may try to sign in, per account and per address."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import text

from core.accounts.signatures import Signatures
from core.db.engine import Database
from core.errors import SignInAway, SignInBusy, TooManyMails, TooManySignIns

_TAKE = text("select private.take_sign_in_attempt(:account, :address)")
_FORGET = text("select private.forget_sign_in_attempts(:account, :address, :is_success)")
_TAKE_MAIL = text("select private.take_mail(:account, :address)")


class Throttle:
    """Counts in the database, exactly, whatever process asks; who and where are kept as keyed hashes alone."""

    def __init__(self, *, database: Database, signatures: Signatures) -> None:
        self._database = database
        self._signatures = signatures

    @contextmanager
    def attempt(self, account: str | None, address: str) -> Iterator[None]:
        """Counts what happens inside if the visitor got it wrong; raises TooManySignIns before anyone is asked."""
        values = self._hashes(account, address)
        with self._database.as_nobody() as session:
            opens_at = session.execute(_TAKE, values).scalar()
        if opens_at is not None:
            raise TooManySignIns(opens_at)
        try:
            yield
        except (SignInAway, SignInBusy):
            self._forget(values, is_success=False)
            raise
        self._forget(values, is_success=True)

    def mail(self, account: str, address: str) -> None:
        """Counts a mail about a forgotten password; raises TooManyMails."""
        with self._database.as_nobody() as session:
            opens_at = session.execute(_TAKE_MAIL, self._hashes(account, address)).scalar()
        if opens_at is not None:
            raise TooManyMails(opens_at)

    def _forget(self, values: dict[str, bytes | None], *, is_success: bool) -> None:
        with self._database.as_nobody() as session:
            session.execute(_FORGET, {**values, "is_success": is_success})

    def _hashes(self, account: str | None, address: str) -> dict[str, bytes | None]:
        hashed = self._signatures.keyed_hash
        return {
            "account": None if account is None else hashed("account", account.strip().lower()),
            "address": hashed("address", neighbourhood(address)),
        }


def neighbourhood(address: str) -> str:
    """One customer's IPv6 addresses are one /64; all else stands for itself."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)
