"""Every environment variable, typed and frozen; nothing else reads the environment."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dotenv import dotenv_values

from core.errors import SettingsError
from core.setting_values import (
    Reader,
    api_key,
    database_address,
    http_address,
    parse_bucket,
    parse_dollars,
    session_address,
)
from core.web_values import Network, host_names, networks, public_address, secret_keys, secure_address

CHECKOUT = Path(__file__).resolve().parent.parent


class Mode(StrEnum):
    """Who may come in: anyone into a made-up school, or signed-in staff."""

    DEMO = "demo"
    PRODUCTION = "production"


class ImageQuality(StrEnum):
    """What OpenAI's image models accept; `auto` is left out because its price can't be told before."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    STANDARD = "standard"
    HD = "hd"


class ImageSize(StrEnum):
    """Width × height in pixels."""

    SQUARE = "1024x1024"
    LANDSCAPE = "1536x1024"
    PORTRAIT = "1024x1536"


class ReasoningEffort(StrEnum):
    """How long a chat model thinks before it answers; `omit` leaves the choice to the server."""

    OMIT = "omit"
    NONE = "none"
    MINIMAL = "minimal"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    XHIGH = "xhigh"
    MAX = "max"

    @property
    def to_send(self) -> str | None:
        """None where a server would refuse the parameter, whatever it says."""
        return None if self is ReasoningEffort.OMIT else self.value


class BucketAccess(StrEnum):
    """Whether a photo's address opens for whoever holds it, or for an hour at a time."""

    PUBLIC = "public"
    PRIVATE = "private"


class LogLevel(StrEnum):
    """The least severe message that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Settings:
    """One process's settings; `.env.example` explains each."""

    mode: Mode
    data_dir: Path
    host: str
    port: int
    run_worker_in_app: bool
    worker_concurrency: int
    db_pool_size: int
    chat_model: str
    chat_reasoning_effort: ReasoningEffort
    chat_max_tokens: int
    chat_stream_usage: bool
    chat_send_safety_id: bool
    image_model: str
    image_quality: ImageQuality
    image_size: ImageSize
    image_url_hosts: frozenset[str]
    log_level: LogLevel
    public_url: str
    photo_bucket: str = "student-photos"
    photo_bucket_access: BucketAccess = BucketAccess.PUBLIC
    demo_per_visit: bool = False
    allowed_hosts: frozenset[str] = frozenset()
    trusted_proxies: tuple[Network, ...] = ()
    supabase_url: str | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    demo_spend_limit_usd: float | None = None
    openai_base_url: str | None = None
    openai_org_id: str | None = None
    database_url: str | None = field(default=None, repr=False)
    worker_database_url: str | None = field(default=None, repr=False)
    migration_database_url: str | None = field(default=None, repr=False)
    openai_api_key: str | None = field(default=None, repr=False)
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    supabase_publishable_key: str | None = field(default=None, repr=False)
    supabase_secret_key: str | None = field(default=None, repr=False)
    oidc_client_secret: str | None = field(default=None, repr=False)

    @property
    def uses_embedded_database(self) -> bool:
        """Whether Postgres runs inside the data folder, started by us."""
        return self.database_url is None

    @property
    def uses_stand_in(self) -> bool:
        """Whether calls to OpenAI are answered by the stand-in, free of charge."""
        return self.openai_api_key is None

    @property
    def keeps_photos_in_supabase(self) -> bool:
        """Whether photos lie in the bucket; else in the data folder."""
        return self.supabase_url is not None and self.supabase_secret_key is not None

    @property
    def signs_in_by_password(self) -> bool:
        """Whether Supabase Auth checks e-mail and password."""
        return self.supabase_url is not None and self.supabase_publishable_key is not None

    @property
    def signs_in_by_oidc(self) -> bool:
        """Whether the school's own OpenID provider says who somebody is."""
        return self.oidc_issuer is not None and self.oidc_client_id is not None


def _needed_database_url(read: Reader, mode: Mode) -> str | None:
    address = database_address(read, "DATABASE_URL")
    if address is None and mode is Mode.PRODUCTION:
        raise SettingsError("DATABASE_URL", "set to the database's address in production")
    return address


def require_sign_in(settings: Settings) -> None:
    """Raises SettingsError for what a production server lacks; a worker and the commands need none of it."""
    if settings.mode is not Mode.PRODUCTION:
        return
    if not settings.secret_keys:
        raise SettingsError("STAFFROOM_SECRET_KEY", "set in production, to 32 or more random characters")
    if settings.supabase_url is not None and settings.oidc_issuer is None and not settings.supabase_publishable_key:
        raise SettingsError("SUPABASE_PUBLISHABLE_KEY", "set with SUPABASE_URL, or nobody can sign in")
    if settings.oidc_issuer is not None and settings.oidc_client_id is None:
        raise SettingsError("OIDC_CLIENT_ID", "set with OIDC_ISSUER, or nobody can sign in")
    if not settings.signs_in_by_password and not settings.signs_in_by_oidc:
        raise SettingsError(
            "SUPABASE_URL or OIDC_ISSUER", "set in production, with its keys, since nobody could sign in without"
        )


def _data_dir(read: Reader) -> Path:
    """The wanted folder, or one in the temp folder when a read-only checkout forbids the default."""
    wanted = read.text("STAFFROOM_DATA_DIR")
    if wanted is not None:
        return _resolved(wanted)
    default = CHECKOUT / ".data"
    parent = default if default.exists() else CHECKOUT
    if os.access(parent, os.W_OK):
        return default
    return Path(tempfile.gettempdir()) / f"staffroom-{_user_id()}"


def _resolved(wanted: str) -> Path:
    try:
        return Path(wanted).expanduser().resolve()
    except (OSError, RuntimeError):
        raise SettingsError("STAFFROOM_DATA_DIR", "the path of a folder") from None


def _user_id() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environment`, by default the process's own over the checkout's `.env`.

    Raises SettingsError for the first value that can't be used.
    """
    if environment is None:
        file_values = {k: v for k, v in dotenv_values(CHECKOUT / ".env").items() if v is not None}
        environment = {**file_values, **os.environ}
    read = Reader(environment)
    mode = read.choice("STAFFROOM_MODE", Mode.DEMO)
    database_url = _needed_database_url(read, mode)
    no_limit: float | None = None
    host, port = read.text("HOST") or "127.0.0.1", read.whole("PORT", 8501, 1, 65535)
    return Settings(
        mode=mode,
        data_dir=_data_dir(read),
        host=host,
        port=port,
        run_worker_in_app=read.flag("RUN_WORKER_IN_APP", database_url is None),
        worker_concurrency=read.whole("WORKER_CONCURRENCY", 4, 1, 64),
        db_pool_size=read.whole("DB_POOL_SIZE", 5, 1, 100),
        chat_model=read.text("CHAT_MODEL") or "gpt-6-luna",
        chat_reasoning_effort=read.choice("CHAT_REASONING_EFFORT", ReasoningEffort.NONE),
        chat_max_tokens=read.whole("CHAT_MAX_TOKENS", 2000, 100, 100_000),
        chat_stream_usage=read.flag("CHAT_STREAM_USAGE", default=True),
        chat_send_safety_id=read.flag("CHAT_SEND_SAFETY_ID", default=True),
        image_model=read.text("IMAGE_MODEL") or "gpt-image-2.5-flare",
        image_quality=read.choice("IMAGE_QUALITY", ImageQuality.MEDIUM),
        image_size=read.choice("IMAGE_SIZE", ImageSize.SQUARE),
        image_url_hosts=frozenset((read.text("IMAGE_URL_HOSTS") or "").replace(",", " ").split()),
        log_level=read.choice("LOG_LEVEL", LogLevel.INFO),
        public_url=public_address(read, "PUBLIC_URL", host, port, is_needed=mode is Mode.PRODUCTION),
        allowed_hosts=host_names(read, "ALLOWED_HOSTS"),
        trusted_proxies=networks(read, "TRUSTED_PROXIES"),
        photo_bucket=read.parsed("PHOTO_BUCKET", "student-photos", parse_bucket, "a bucket's name"),
        photo_bucket_access=read.choice("PHOTO_BUCKET_ACCESS", BucketAccess.PUBLIC),
        demo_per_visit=read.flag("DEMO_PER_VISIT", default=False) and mode is Mode.DEMO,
        supabase_url=secure_address(read, "SUPABASE_URL"),
        oidc_issuer=secure_address(read, "OIDC_ISSUER"),
        oidc_client_id=read.text("OIDC_CLIENT_ID"),
        demo_spend_limit_usd=read.parsed("DEMO_SPEND_LIMIT_USD", no_limit, parse_dollars, "an amount in US dollars"),
        openai_base_url=http_address(read, "OPENAI_BASE_URL"),
        openai_org_id=read.text("OPENAI_ORG_ID"),
        database_url=database_url,
        worker_database_url=session_address(read, "WORKER_DATABASE_URL"),
        migration_database_url=session_address(read, "MIGRATION_DATABASE_URL"),
        openai_api_key=api_key(read, "OPENAI_API_KEY"),
        secret_keys=secret_keys(read, "STAFFROOM_SECRET_KEY"),
        supabase_publishable_key=api_key(read, "SUPABASE_PUBLISHABLE_KEY"),
        supabase_secret_key=api_key(read, "SUPABASE_SECRET_KEY"),
        oidc_client_secret=api_key(read, "OIDC_CLIENT_SECRET"),
    )
