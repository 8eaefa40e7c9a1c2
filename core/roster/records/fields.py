"""What a field of a record may hold; each refusal is one sentence that says what to do."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from core.errors import RecordRefused

LONGEST_TEXT = 4000
LONGEST_REASON = 300
LONGEST_NAME = 100
# As the columns hold them: numeric(6, 2), and for a weight per cent.
MOST_POINTS = Decimal("9999.99")
MOST_PER_CENT = Decimal(100)
_CENT = Decimal("0.01")


def needed(text: str | None, what: str, *, at_most: int) -> str:
    """The text without blanks around it."""
    kept = optional(text, what, at_most=at_most)
    if kept is None:
        raise RecordRefused(f"{what} is missing. Fill it in and save again.")
    return kept


def optional(text: str | None, what: str, *, at_most: int) -> str | None:
    """The same, or None where nothing is written."""
    # Postgres keeps no NUL, and nobody types one.
    kept = (text or "").replace("\x00", "").strip()
    if len(kept) > at_most:
        raise RecordRefused(f"{what} has {len(kept):,} characters and {at_most:,} fit. Shorten it and save again.")
    return kept or None


def one_of(value: str | None, what: str, known: Iterable[str]) -> str:
    if value not in set(known):
        raise RecordRefused(f"{what} is missing. Choose one and save again.")
    return str(value)


def day_within(day: date | None, what: str, *, earliest: date, today: date) -> date:
    if day is None:
        raise RecordRefused(f"{what} is missing. Choose a day and save again.")
    if day > today:
        raise RecordRefused(f"{what} is in the future. Choose today or an earlier day.")
    if day < earliest:
        raise RecordRefused(f"{what} is long ago. Choose a day from {day_name(earliest)} on.")
    return day


def figure(value: Decimal, what: str, *, at_most: Decimal) -> Decimal:
    if not value.is_finite() or not 0 <= value <= at_most:
        raise RecordRefused(f"{what} must lie between 0 and {plain(at_most)}. Correct it and save again.")
    if value != value.quantize(_CENT):
        raise RecordRefused(f"{what} has more than two decimals. Round it and save again.")
    return value


def day_name(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def plain(number: Decimal) -> str:
    """12.5 for 12.50, and 30 for 3E+1."""
    return f"{number.normalize():f}"
