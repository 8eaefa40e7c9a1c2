"""When made-up use happened."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.demo.people import TIME_ZONE

ZONE = ZoneInfo(TIME_ZONE)


def weekday(day: date) -> date:
    """That day, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
