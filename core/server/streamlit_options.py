"""The checkout's Streamlit options, made to hold from whatever folder the app is started."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from streamlit import config

from core.settings import CHECKOUT

OPTIONS_FILE = CHECKOUT / ".streamlit" / "config.toml"


def checkout_options(file: Path = OPTIONS_FILE) -> dict[str, Any]:
    """Every option of the file by its dotted name, as `App.run(config=…)` takes them."""
    return dict(_flat(tomllib.loads(file.read_text(encoding="utf-8")), ""))


def pin_options(options: Mapping[str, Any]) -> None:
    """Set options over those that another folder's file, a flag or a variable may have set."""
    for name, value in options.items():
        config.set_option(name, value, str(OPTIONS_FILE))


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
