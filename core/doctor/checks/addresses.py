"""Under which addresses people come in, and whom the server believes about where they come from."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.settings import Settings
from core.web_values import LOOPBACK_HOSTS, is_loopback

PUBLIC_URL, HOSTS, PROXIES = "public_url", "allowed_hosts", "trusted_proxies"
_EVERYBODY = 8


def public_url(evidence: Evidence) -> Iterator[Finding]:
    address = evidence.settings.public_url
    parts = urlsplit(address)
    if parts.scheme == "https":
        yield fine(PUBLIC_URL, "PUBLIC_URL", f"{parts.hostname} by https.")
    elif not evidence.is_production:
        yield fine(PUBLIC_URL, "PUBLIC_URL", f"{parts.hostname} by http, for a demo.")
    elif is_loopback(parts.hostname):
        yield warning(
            PUBLIC_URL,
            "PUBLIC_URL",
            f"{parts.hostname} by http, which only this machine can open.",
            "Set PUBLIC_URL to the https address that people open.",
        )
    else:
        yield problem(
            PUBLIC_URL,
            "PUBLIC_URL",
            f"{parts.hostname} by http: passwords and sessions would travel in the clear.",
            "Put a proxy with a certificate in front, and set PUBLIC_URL to its https address.",
        )


def hosts(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.is_production:
        return
    own, allowed = urlsplit(evidence.settings.public_url).hostname or "", evidence.settings.allowed_hosts
    if allowed and own not in allowed:
        yield problem(
            HOSTS,
            "ALLOWED_HOSTS",
            f"{own}, the name in PUBLIC_URL, is not among them: each of its pages would answer 400.",
            f"Add {own} to ALLOWED_HOSTS, or leave ALLOWED_HOSTS out.",
        )
    else:
        named = ", ".join(sorted(allowed or {own, *LOOPBACK_HOSTS}))
        yield fine(HOSTS, "ALLOWED_HOSTS", f"Answers as {named}.")


def proxies(evidence: Evidence) -> Iterator[Finding]:
    settings = evidence.settings
    if not evidence.is_production:
        return
    trusted = settings.trusted_proxies
    if any(network.prefixlen < _EVERYBODY for network in trusted):
        yield problem(
            PROXIES,
            "TRUSTED_PROXIES",
            "Nearly everybody is trusted to say whose address a request comes from, so limits on sign-ins hold nobody.",
            "Name the proxy's own address or network only.",
        )
    elif trusted and is_loopback(settings.host) and not _holds_loopback(settings):
        yield warning(
            PROXIES,
            "TRUSTED_PROXIES",
            f"HOST is {settings.host}, so the proxy is on this machine, and this machine's address is not among them.",
            f"Add {settings.host} to TRUSTED_PROXIES, or all visitors count as one.",
        )
    elif not trusted and settings.public_url.startswith("https://"):
        yield warning(
            PROXIES,
            "TRUSTED_PROXIES",
            "Not set, though something in front speaks https: all visitors count as one address.",
            "Set TRUSTED_PROXIES to the proxy's address, 127.0.0.1 if it runs on this machine.",
        )
    else:
        yield fine(PROXIES, "TRUSTED_PROXIES", ", ".join(map(str, trusted)) or "Not set, and none is needed.")


def _holds_loopback(settings: Settings) -> bool:
    address = ip_address("127.0.0.1" if settings.host == "localhost" else settings.host)
    return any(address.version == network.version and address in network for network in settings.trusted_proxies)
