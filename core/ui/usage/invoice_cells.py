"""What one cell of an invoice says, as a day or as dollars; what could be read in two ways is refused."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

DAY_FORMATS = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y/%m/%d", "%d.%m.%Y")
SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
LOOKS_LIKE_A_DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")
# Seconds since 1970, of this century.
EPOCH = re.compile(r"^[1-3]\d{9}$")

DOLLARS = re.compile(r"US ?\$|USD|\$", re.IGNORECASE)
OTHER_CURRENCY = re.compile(
    r"[€£¥₹]|\b[A-Z]{1,2}\$|\b(EUR|GBP|SGD|AUD|CAD|NZD|HKD|MYR|INR|JPY|CNY|CHF)\b", re.IGNORECASE
)
SPACES = re.compile(r"[\s\u00a0\u202f']")
PLAIN = re.compile(r"^\d*\.?\d+(e-?\d+)?$", re.IGNORECASE)
WITH_COMMAS = re.compile(r"^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$")
DECIMAL_COMMA = re.compile(r"^(\d+|\d{1,3}(\.\d{3})+),\d+$")
EITHER_WAY = re.compile(r"^[1-9]\d{0,2},\d{3}$")


class Unreadable(Exception):
    """`column` counts from 1, and is None where the whole line is meant."""

    def __init__(self, column: int | None, problem: str) -> None:
        super().__init__(problem)
        self.column = column
        self.problem = problem


def dollars_in(cell: str, column: int) -> Decimal | None:
    """None for what is no amount; raises for another currency, and for 1,234 where nothing says how it is meant."""
    plain = DOLLARS.sub("$", cell.replace("−", "-"))
    if OTHER_CURRENCY.search(plain):
        _refuse_other_money(cell, plain, column)
        return None
    is_negative, number = _unsigned(SPACES.sub("", plain.replace("$", "")))
    if EITHER_WAY.match(number) and "$" not in plain:
        whole, fraction = number.replace(",", ""), number.replace(",", ".")
        raise Unreadable(column, f"“{cell}” can be two amounts; write it as {whole}.00 or {fraction}.")
    found = _number(number)
    return None if found is None else -found if is_negative else found


def day_in(cell: str, column: int) -> date | None:
    """None for what is no day; raises for what could be one of two, or looks like one and is none."""
    if EPOCH.match(cell):
        return datetime.fromtimestamp(int(cell), UTC).date()
    slashed = SLASHED.match(cell)
    if slashed:
        return _slashed(cell, column, *(int(part) for part in slashed.groups()))
    try:
        return _iso(cell) if "-" in cell else _worded_day(cell)
    except ValueError:
        if LOOKS_LIKE_A_DAY.fullmatch(cell):
            raise Unreadable(column, f"“{cell}” is no day; write it as 2026-11-12.") from None
        return None


def _refuse_other_money(cell: str, plain: str, column: int) -> None:
    """A name may have such letters in it, too."""
    _, number = _unsigned(SPACES.sub("", OTHER_CURRENCY.sub("", plain)))
    if _number(number) is not None:
        raise Unreadable(column, f"“{cell}” is not in US dollars.")


def _unsigned(number: str) -> tuple[bool, str]:
    """-1, 1- and (1) are all less than nothing."""
    bare = number.strip("()-")
    signs = number.replace(bare, "", 1)
    return (True, bare) if signs in {"-", "()"} else (False, number)


def _number(bare: str) -> Decimal | None:
    if PLAIN.match(bare):
        return Decimal(bare)
    if WITH_COMMAS.match(bare):
        return Decimal(bare.replace(",", ""))
    if DECIMAL_COMMA.match(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    return None


def _iso(cell: str) -> date:
    """Of a moment the day in UTC, as on the invoice."""
    moment = datetime.fromisoformat(cell)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def _slashed(cell: str, column: int, first: int, second: int, year: int) -> date:
    if first <= 12 and second <= 12 and first != second:
        raise Unreadable(column, f"“{cell}” can be two days; write it as {year}-11-12.")
    day, month = (first, second) if second <= 12 else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(column, f"“{cell}” is no day; write it as 2026-11-12.") from None


def _worded_day(cell: str) -> date | None:
    for one in DAY_FORMATS:
        try:
            return datetime.strptime(cell, one).date()  # noqa: DTZ007 -- a day has no time zone
        except ValueError:
            continue
    return None
