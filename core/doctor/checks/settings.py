"""What the settings say by themselves, before anything is asked."""

import stat
from collections.abc import Iterator

from core.doctor.evidence import Evidence
from core.doctor.finding import Finding, fine, problem, warning
from core.doctor.looks import Away
from core.errors import OpenDemo, SettingsError
from core.server.exposure import refuse_open_demo
from core.settings import Settings, require_sign_in

MODE, SECRET_KEY, ENV_FILE = "settings", "secret_key", "env_file"
_FEWEST_SIGNS = 12


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
