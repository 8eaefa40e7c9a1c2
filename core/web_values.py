"""Addresses, hosts, networks and keys of a real school's server, out of the environment's strings."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from core.errors import SettingsError
from core.setting_values import Reader

Network = IPv4Network | IPv6Network

SHORTEST_SECRET = 32
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
# What a server may listen on without that being an address that anyone can open.
EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared with, never listened on


def secret_keys(read: Reader, name: str) -> tuple[str, ...]:
    """The first signs and all are accepted, so that a key can be changed without signing everyone out."""

    def parse(raw: str) -> tuple[str, ...]:
        keys = tuple(key.strip() for key in raw.split(","))
        if min(map(len, keys)) < SHORTEST_SECRET:
            raise ValueError
        return keys

    return read.parsed(name, (), parse, f"one key, or several parted by commas, of {SHORTEST_SECRET} characters each")


def secure_address(read: Reader, name: str) -> str | None:
    """Where passwords and tokens travel: https, or http on this machine for trying and testing."""

    def parse(raw: str) -> str:
        parts = urlsplit(raw)
        if not is_secure_address(raw) or parts.username is not None or parts.query or parts.fragment:
            raise ValueError
        return raw

    nothing: str | None = None
    return read.parsed(name, nothing, parse, "an address that starts with https://")


def is_secure_address(address: str) -> bool:
    parts = urlsplit(address)
    return (parts.scheme == "https" and bool(parts.hostname)) or is_on_this_machine(address)


def is_on_this_machine(address: str) -> bool:
    """Plain http that no network sees."""
    parts = urlsplit(address)
    return parts.scheme == "http" and is_loopback(parts.hostname)


def is_loopback(host: str | None) -> bool:
    """Whether only this machine reaches it; None stands for every address."""
    if host is None or host == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def public_address(read: Reader, name: str, host: str, port: int, *, is_needed: bool) -> str:
    """What people open, without a slash at its end; by default what the server listens on."""
    wanted = "the address that people open, such as https://staffroom.school.example"
    nothing: str | None = None
    given = read.parsed(name, nothing, _site, wanted)
    if given is None and is_needed and host in EVERY_ADDRESS:
        raise SettingsError(name, wanted)
    return given or f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _site(raw: str) -> str:
    parts = urlsplit(raw)
    is_site = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
    if not is_site or parts.path.strip("/") or parts.query:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}"


def host_names(read: Reader, name: str) -> frozenset[str]:
    def parse(raw: str) -> frozenset[str]:
        names = [host.strip().lower() for host in raw.split(",")]
        if any(not host or set(host) & set("/:* @") for host in names):
            raise ValueError
        return frozenset(names)

    return read.parsed(name, frozenset(), parse, "host names without port, parted by commas")


def networks(read: Reader, name: str) -> tuple[Network, ...]:
    def parse(raw: str) -> tuple[Network, ...]:
        return tuple(ip_network(part.strip()) for part in raw.split(","))

    nobody: tuple[Network, ...] = ()
    return read.parsed(name, nobody, parse, "addresses or networks such as 10.0.0.0/8, parted by commas")
