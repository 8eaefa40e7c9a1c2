"""What commands have in common: options of one meaning, and how they start."""

from typing import Annotated

import typer

from core.log import set_up_logs
from core.settings import Settings, load_settings

AsEmail = Annotated[str | None, typer.Option("--as", help="Act as the member with this e-mail.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, messages on stderr.")]


def command_settings() -> Settings:
    """From the environment; logs go to stderr from here on."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    return settings
