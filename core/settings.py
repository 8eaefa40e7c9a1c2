"""Every environment variable, typed and frozen; nothing else reads the environment."""

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values

from core.errors import SettingsError

CHECKOUT = Path(__file__).resolve().parent.parent

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


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
    image_model: str
    image_quality: ImageQuality
    image_size: ImageSize
    image_url_hosts: frozenset[str]
    log_level: LogLevel
    demo_spend_limit_usd: float | None = None
    openai_base_url: str | None = None
    openai_org_id: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    database_url: str | None = field(default=None, repr=False)
    worker_database_url: str | None = field(default=None, repr=False)
    migration_database_url: str | None = field(default=None, repr=False)
    openai_api_key: str | None = field(default=None, repr=False)

    @property
    def uses_embedded_database(self) -> bool:
        """Whether Postgres runs inside the data folder, started by us."""
        return self.database_url is None

    @property
    def uses_stand_in(self) -> bool:
        """Whether calls to OpenAI are answered by the stand-in, free of charge."""
        return self.openai_api_key is None


class _Reader:
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


def _parse_dollars(raw: str) -> float:
    amount = float(raw)
    if not 0 <= amount < 1_000_000:
        raise ValueError
    return amount


def _database_url(read: _Reader, name: str) -> str | None:
    def parse(raw: str) -> str:
        if not raw.startswith(("postgres://", "postgresql://", "postgresql+psycopg2://")):
            raise ValueError
        return raw

    return read.parsed(name, None, parse, "an address that starts with postgresql://")


def _http_url(read: _Reader, name: str) -> str | None:
    def parse(raw: str) -> str:
        if not raw.startswith(("https://", "http://")):
            raise ValueError
        return raw

    return read.parsed(name, None, parse, "an address that starts with https:// or http://")


def _data_dir(read: _Reader) -> Path:
    """The wanted folder, or one in the temp folder when a read-only checkout forbids the default."""
    wanted = read.text("STAFFROOM_DATA_DIR")
    if wanted is not None:
        return Path(wanted).expanduser().resolve()
    default = CHECKOUT / ".data"
    parent = default if default.exists() else CHECKOUT
    if os.access(parent, os.W_OK):
        return default
    return Path(tempfile.gettempdir()) / f"staffroom-{_user_id()}"


def _user_id() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environment`, by default the process's own over the checkout's `.env`.

    Raises SettingsError for the first value that can't be used.
    """
    if environment is None:
        file_values = {k: v for k, v in dotenv_values(CHECKOUT / ".env").items() if v is not None}
        environment = {**file_values, **os.environ}
    read = _Reader(environment)
    database_url = _database_url(read, "DATABASE_URL")
    no_limit: float | None = None
    return Settings(
        mode=read.choice("STAFFROOM_MODE", Mode.DEMO),
        data_dir=_data_dir(read),
        host=read.text("HOST") or "127.0.0.1",
        port=read.whole("PORT", 8501, 1, 65535),
        run_worker_in_app=read.flag("RUN_WORKER_IN_APP", database_url is None),
        worker_concurrency=read.whole("WORKER_CONCURRENCY", 4, 1, 64),
        db_pool_size=read.whole("DB_POOL_SIZE", 5, 1, 100),
        chat_model=read.text("CHAT_MODEL") or "gpt-6-luna",
        image_model=read.text("IMAGE_MODEL") or "gpt-image-2.5-flare",
        image_quality=read.choice("IMAGE_QUALITY", ImageQuality.MEDIUM),
        image_size=read.choice("IMAGE_SIZE", ImageSize.SQUARE),
        image_url_hosts=frozenset((read.text("IMAGE_URL_HOSTS") or "").replace(",", " ").split()),
        log_level=read.choice("LOG_LEVEL", LogLevel.INFO),
        demo_spend_limit_usd=read.parsed("DEMO_SPEND_LIMIT_USD", no_limit, _parse_dollars, "an amount in US dollars"),
        openai_base_url=_http_url(read, "OPENAI_BASE_URL"),
        openai_org_id=read.text("OPENAI_ORG_ID"),
        secret_key=read.text("STAFFROOM_SECRET_KEY"),
        database_url=database_url,
        worker_database_url=_database_url(read, "WORKER_DATABASE_URL"),
        migration_database_url=_database_url(read, "MIGRATION_DATABASE_URL"),
        openai_api_key=read.text("OPENAI_API_KEY"),
    )
