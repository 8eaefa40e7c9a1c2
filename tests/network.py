"""Keeps tests on this machine: nothing but loopback and unix sockets may be reached."""

import functools
import ipaddress
import ssl
import sys
from typing import Any

_LOCAL_NAMES = {"localhost", "", None}


class RealNetwork(AssertionError):
    """A test reached for another machine; hand it a fake instead."""


def stay_on_this_machine() -> None:
    """For the rest of the process: an audit hook can't be taken away, nor bypassed by a library."""
    sys.addaudithook(_refuse)


def read_certificates_once() -> None:
    """For the rest of the process: nobody here speaks TLS, and each client would read the machine's file anew."""
    ssl.create_default_context = functools.cache(ssl.create_default_context)  # type: ignore[assignment]  # same calls


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple):
            _require_local(address[0])
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        _require_local(arguments[0])


def _require_local(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name not in _LOCAL_NAMES and not _is_loopback(str(name)):
        raise RealNetwork(f"a test tried to reach {name}")


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
