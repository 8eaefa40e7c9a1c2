from datetime import date
from itertools import islice

import pytest

from core.roster.terms import TIME_ZONE, school_days_before, term_and_week, term_of, terms_of


@pytest.mark.parametrize(
    ("day", "name", "week"),
    [
        (date(2024, 1, 2), "Term 1", 1),
        (date(2026, 3, 13), "Term 1", 10),
        (date(2026, 3, 23), "Term 2", 1),
        (date(2025, 6, 30), "Term 3", 1),
        (date(2026, 11, 12), "Term 4", 9),
    ],
)
def test_a_day_of_school_has_its_term_and_week(day: date, name: str, week: int) -> None:
    term = term_of(day)

    assert term is not None
    assert (term.name, term.week_of(day)) == (name, week)


@pytest.mark.parametrize("day", [date(2026, 3, 16), date(2026, 6, 15), date(2026, 9, 8), date(2026, 12, 1)])
def test_holidays_belong_to_no_term(day: date) -> None:
    assert term_of(day) is None


def test_school_days_leave_out_weekends_and_childrens_day() -> None:
    before_monday = list(islice(school_days_before(date(2026, 10, 6)), 3))

    assert before_monday == [date(2026, 10, 5), date(2026, 10, 1), date(2026, 9, 30)]


def test_four_terms_fill_forty_weeks() -> None:
    assert sum((term.last_day - term.first_monday).days + 3 for term in terms_of(2026)) == 40 * 7


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 12), "Term 4, week 9"),
        (date(2026, 11, 15), "Term 4, week 9"),
        (date(2026, 12, 25), "School holidays"),
    ],
)
def test_a_day_has_its_place_in_the_school_year(day: date, said: str) -> None:
    assert term_and_week(day, TIME_ZONE) == said


def test_a_school_elsewhere_has_a_calendar_we_do_not_know() -> None:
    assert term_and_week(date(2026, 11, 12), "Europe/Vienna") is None
