"""Whose address a request comes from, where proxies stand in front."""

from collections.abc import Sequence
from ipaddress import ip_address

from starlette.requests import Request

from core.web_values import Network

UNKNOWN = "unknown"


def client_address(request: Request, trusted: Sequence[Network]) -> str:
    """The last address that somebody we trust vouches for; a header from anyone else is not believed."""
    direct = request.client.host if request.client else UNKNOWN
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    found = direct
    while forwarded and is_trusted(found, trusted):
        found = forwarded.pop()
    return found


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    """Whether it is one of the proxies that the school named."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in trusted)
