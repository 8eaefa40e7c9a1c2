"""Money, times and levels in the words of the screen; everything is safe inside a label."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.ui.text import dollars

NOT_PRICED = "not priced"

_LEVELS = {"P": "Primary", "Pri": "Primary", "S": "Secondary", "Sec": "Secondary", "K": "Kindergarten"}
_WINDOWS = {1: "a second", 60: "a minute", 3600: "an hour", 86400: "a day"}
_FINE = Decimal("0.1")


def money(amount: Decimal | None) -> str:
    """$1.23 and $0.013: cents, and two digits that count for less than ten of them."""
    return NOT_PRICED if amount is None else dollars(_figure(amount))


def money_in_cell(amount: Decimal | None) -> str:
    """The same where nothing is Markdown."""
    return NOT_PRICED if amount is None else f"${_figure(amount)}"


def _figure(amount: Decimal) -> str:
    if amount == 0 or amount >= _FINE:
        return f"{amount:.2f}"
    digits = 1 - amount.adjusted()
    text = f"{amount:.{digits}f}".rstrip("0")
    return f"{text:0<4}"


def counted(count: int, noun: str) -> str:
    """1 photo, 12 photos."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """10:42:10 at the school."""
    return f"{moment.astimezone(zone):%H:%M:%S}"


def hour_and_minute(moment: datetime, zone: ZoneInfo) -> str:
    """10:42 at the school."""
    return f"{moment.astimezone(zone):%H:%M}"


def time_or_day(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """10:42 of today, else with its day."""
    is_today = local_day(moment, zone) == local_day(now, zone)
    return hour_and_minute(moment, zone) if is_today else day_and_time(moment, zone)


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """12 Nov, 10:20 at the school."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b, %H:%M}"


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day that it was at the school."""
    return moment.astimezone(zone).date()


def day(when: date) -> str:
    """12 Nov 2026."""
    return f"{when.day} {when:%b %Y}"


def level_name(level: str | None) -> str | None:
    """Primary 5 for P5; a level of another kind stays as the school writes it."""
    if level is None:
        return None
    letters = level.rstrip("0123456789")
    word, number = _LEVELS.get(letters.strip()), level[len(letters) :]
    return f"{word} {number}" if word and number else level


def window(per_seconds: Decimal) -> str:
    """How often that is, as it stands behind a number: 5 a minute."""
    return _WINDOWS.get(int(per_seconds), f"in {per_seconds.normalize():f} seconds")
