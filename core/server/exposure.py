"""Where a demo may listen: it has no sign-in, so a paid key must not be open to everyone."""

from core.errors import OpenDemo
from core.settings import Mode, Settings
from core.web_values import is_loopback


def refuse_open_demo(settings: Settings, address: str | None) -> None:
    """Raise OpenDemo for a demo with a real key, no spending limit and an address others can reach.

    `address` is None where the server listens on every address.
    """
    pays = not settings.uses_stand_in and settings.demo_spend_limit_usd is None
    if settings.mode is Mode.DEMO and pays and not is_loopback(address):
        raise OpenDemo
