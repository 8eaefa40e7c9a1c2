"""Typed values out of the environment's strings; none is ever repeated, since it may be a secret."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import SettingsError

# Supabase's pooler, which lends a connection for one transaction at a time.
TRANSACTION_POOLER_PORT = 6543
KEY_WANTED = "the key exactly as the provider shows it, without spaces"

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Reader:
    """Reads typed values; the first wrong one ends the start with the variable's name."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str) -> str | None:
        return self._environment.get(name, "").strip() or None

    def parsed(self, name: str, default: T, parse: Callable[[str], T], allowed: str) -> T:
        raw = self.text(name)
        if raw is None:
            return default
        try:
            return parse(raw)
        except ValueError:
            raise SettingsError(name, allowed) from None

    def choice(self, name: str, default: E) -> E:
        allowed = ", ".join(type(default))
        return self.parsed(name, default, lambda raw: type(default)(raw.lower()), f"one of {allowed}")

    def flag(self, name: str, default: bool) -> bool:
        return self.parsed(name, default, _parse_flag, "true or false")

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        def parse(raw: str) -> int:
            return _within(int(raw), least, most)

        return self.parsed(name, default, parse, f"a whole number from {least} to {most}")


def _within(value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise ValueError
    return value


def _parse_flag(raw: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if raw.lower() not in known:
        raise ValueError
    return known[raw.lower()]


def parse_dollars(raw: str) -> float:
    amount = float(raw)
    if not 0 <= amount < 1_000_000:
        raise ValueError
    return amount


def parse_bucket(raw: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,62}", raw):
        raise ValueError
    return raw


def database_address(read: Reader, name: str) -> str | None:
    def parse(raw: str) -> str:
        _parse_postgres(raw)
        return raw

    wanted = "postgresql://login:password@host:5432/database, with what is special in the password as %40 for @"
    return read.parsed(name, None, parse, wanted)


def session_address(read: Reader, name: str) -> str | None:
    """For the worker and the owner, whose locks and notices last longer than a transaction."""
    address = database_address(read, name)
    if address is not None and _port(_parse_postgres(address)) == TRANSACTION_POOLER_PORT:
        raise SettingsError(name, "an address with port 5432, since 6543 keeps no session for locks and notices")
    return address


def _parse_postgres(raw: str) -> URL:
    if not raw.startswith(("postgres://", "postgresql://", "postgresql+psycopg2://")):
        raise ValueError
    try:
        url = make_url(raw)
    except ArgumentError:
        raise ValueError from None
    # Part of a password that holds an @ would be looked up as a host and stand in what is logged of that.
    if "@" in (url.host or ""):
        raise ValueError
    _within(_port(url), 1, 65535)
    return url


def _port(url: URL) -> int:
    return url.port or int(str(url.query.get("port", 5432)))


def is_usable_key(raw: str) -> bool:
    """Whether a header can carry it."""
    return raw.isascii() and raw.isprintable() and " " not in raw


def api_key(read: Reader, name: str) -> str | None:
    def parse(raw: str) -> str:
        if not is_usable_key(raw):
            raise ValueError
        return raw

    return read.parsed(name, None, parse, KEY_WANTED)


def http_address(read: Reader, name: str) -> str | None:
    def parse(raw: str) -> str:
        if not raw.startswith(("https://", "http://")):
            raise ValueError
        return raw

    return read.parsed(name, None, parse, "an address that starts with https:// or http://")
