"""Which network addresses may be reached on someone else's word: public ones, never those inside."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# An address of this network may be a translated private one.
TRANSLATED = IPv6Network("64:ff9b::/96")


def resolved(host: str, port: int) -> list[str]:
    """Every address of `host`, in the system's order of preference. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether the whole internet sees the same machine there."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        return _is_public_v6(ip)
    return _is_public_v4(ip)


def _is_public_v4(ip: IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast


def _is_public_v6(ip: IPv6Address) -> bool:
    # Each of these hides an IPv4 address that the network may turn it back into.
    if ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in TRANSLATED:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_site_local
