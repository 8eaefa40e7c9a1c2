"""The four terms of a Singapore school year, by the Ministry's pattern of ten weeks each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

TIME_ZONE = "Asia/Singapore"
_WEEK = timedelta(weeks=1)
_LAST_FRIDAY = timedelta(weeks=9, days=4)
# Term 1 starts in the first days of January; a week, four weeks and a week of holidays part the others.
_STARTS_AFTER = (timedelta(0), timedelta(weeks=11), timedelta(weeks=25), timedelta(weeks=36))


@dataclass(frozen=True)
class SchoolTerm:
    """One term; `first_monday` opens its week 1, which may begin later in that week."""

    year: int
    number: int
    first_monday: date

    @property
    def last_day(self) -> date:
        return self.first_monday + _LAST_FRIDAY

    @property
    def name(self) -> str:
        return f"Term {self.number}"

    def monday_of_week(self, week: int) -> date:
        return self.first_monday + (week - 1) * _WEEK

    def week_of(self, day: date) -> int | None:
        """The number of the week that holds `day`, None in the holidays."""
        week = (day - self.first_monday) // _WEEK + 1
        return week if 1 <= week <= 10 else None


def terms_of(year: int) -> tuple[SchoolTerm, ...]:
    """The year's four terms."""
    monday = _first_monday(year)
    return tuple(SchoolTerm(year, number, monday + after) for number, after in enumerate(_STARTS_AFTER, 1))


def term_of(day: date) -> SchoolTerm | None:
    """The term that `day` falls into, None in the holidays."""
    return next((term for term in terms_of(day.year) if term.week_of(day) is not None), None)


def term_and_week(day: date, time_zone: str) -> str | None:
    """Such as "Term 4, week 9"; None for a school elsewhere, whose calendar we don't know."""
    if time_zone != TIME_ZONE:
        return None
    term = term_of(day)
    return f"{term.name}, week {term.week_of(day)}" if term else "School holidays"


def school_days_before(day: date) -> Iterator[date]:
    """Days of school before `day`, latest first, without end."""
    while True:
        day -= timedelta(days=1)
        if day.weekday() < 5 and term_of(day) is not None and not _is_holiday(day):
            yield day


def _first_monday(year: int) -> date:
    opens = date(year, 1, 2)
    # From Wednesday on the few days left of that week come before week 1.
    weekday = opens.weekday()
    return opens - timedelta(days=weekday) if weekday <= 1 else opens + timedelta(days=7 - weekday)


def _is_holiday(day: date) -> bool:
    """Fixed dates only; movable feasts are announced year by year."""
    return (day.month, day.day) in {(1, 1), (5, 1), (8, 9), (12, 25)} or _is_childrens_day(day)


def _is_childrens_day(day: date) -> bool:
    return day.month == 10 and day.day <= 7 and day.weekday() == 4
