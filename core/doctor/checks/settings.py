"""What the settings say by themselves, before anything is asked."""

import stat
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away
from core.errors import OpenDemo, SettingsError
from core.server.exposure import refuse_open_demo
from core.settings import Settings, require_sign_in
from core.web_values import LOOPBACK_HOSTS, is_loopback

MODE, SECRET_KEY, PUBLIC_URL, HOSTS, PROXIES, ENV_FILE = (
    "settings",
    "secret_key",
    "public_url",
    "allowed_hosts",
    "trusted_proxies",
    "env_file",
)
_FEWEST_SIGNS = 12
_EVERYBODY = 8


def mode(evidence: Evidence) -> Iterator[Finding]:
    settings = evidence.settings
    try:
        require_sign_in(settings)
        refuse_open_demo(settings, settings.host)
    except (SettingsError, OpenDemo) as error:
        yield problem(MODE, "Settings", _what_is_set(settings), str(error))
        return
    if settings.run_worker_in_app and not settings.uses_embedded_database and settings.worker_database_url is None:
        yield problem(
            MODE,
            "Settings",
            "RUN_WORKER_IN_APP is true, and WORKER_DATABASE_URL is not set, so the app would not start.",
            "Set WORKER_DATABASE_URL, or RUN_WORKER_IN_APP=false and run `staffroom worker`.",
        )
    else:
        yield fine(MODE, "Settings", _what_is_set(settings))


def _what_is_set(settings: Settings) -> str:
    named = {
        "OPENAI_API_KEY": settings.openai_api_key,
        "DATABASE_URL": settings.database_url,
        "WORKER_DATABASE_URL": settings.worker_database_url,
        "MIGRATION_DATABASE_URL": settings.migration_database_url,
        "SUPABASE_URL": settings.supabase_url,
        "OIDC_ISSUER": settings.oidc_issuer,
    }
    told = ", ".join(f"{name} {'set' if value else 'not set'}" for name, value in named.items())
    return f"Mode {settings.mode}; {told}."


def secret_key(evidence: Evidence) -> Iterator[Finding]:
    keys, about = evidence.settings.secret_keys, "STAFFROOM_SECRET_KEY"
    if not keys:
        # What production lacks is told with the mode.
        if not evidence.is_production:
            yield fine(SECRET_KEY, about, "Not set; a demo has no sign-in and needs none.")
    elif min(len(set(key)) for key in keys) < _FEWEST_SIGNS:
        yield warning(
            SECRET_KEY,
            about,
            "Set, and made of very few different characters, so that it may be guessed.",
            'Make one with python -c "import secrets; print(secrets.token_urlsafe(48))" and put it first.',
        )
    elif len(keys) > 1:
        yield warning(
            SECRET_KEY,
            about,
            f"{len(keys)} keys are set: the first signs, all are accepted.",
            "Take the old ones out a week after the change.",
        )
    else:
        yield fine(SECRET_KEY, about, "Set, one key.")


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


def env_file(evidence: Evidence) -> Iterator[Finding]:
    seen = evidence.machine
    if isinstance(seen, Away):
        return
    if seen.env_file_mode is None:
        yield fine(ENV_FILE, "The file .env", "There is none; the environment says everything.")
    elif seen.env_file_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield warning(
            ENV_FILE,
            "The file .env",
            "Other users of this machine may open it, and it holds keys.",
            "Close it with `chmod 600 .env`.",
        )
    else:
        yield fine(ENV_FILE, "The file .env", "Only its owner may open it.")
