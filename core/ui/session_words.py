"""A session in the words of whoever looks for the one that is not theirs."""

from datetime import datetime
from zoneinfo import ZoneInfo

from core.accounts.devices import device
from core.accounts.sessions import SessionRow
from core.ui.formats import time_or_day


def device_words(row: SessionRow) -> str:
    return device(row.user_agent)


def times_words(row: SessionRow, zone: ZoneInfo, now: datetime) -> str:
    """Since when, and when last seen; the database notes that once a minute."""
    since = f"Signed in {time_or_day(row.created_at, zone, now)}"
    return f"{since} · last seen {time_or_day(row.last_seen_at, zone, now)}"
