"""What a month will have cost: spent so far, and the mean of each kind of day for the days that are left."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.usage.reading.forecast import foreseen
from core.usage.report import Forecast, Span

# A Thursday; twelve working days and six of weekends are left after it.
TODAY = date(2026, 11, 12)


def forecast(cost_of: Callable[[date], str], today: date = TODAY, *, days: int = 28) -> Forecast:
    window = Span(today - timedelta(days=days), today - timedelta(days=1))
    first = min(window.first, today.replace(day=1))
    known = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    return foreseen({day: Decimal(cost_of(day)) for day in known}, window, today)


def is_weekend(day: date) -> bool:
    return day.isoweekday() > 5


def test_days_that_are_all_alike_leave_nothing_to_chance() -> None:
    month = forecast(lambda _: "0.10")

    assert month.spent_usd == Decimal("1.20")
    assert month.expected_usd == month.low_usd == month.high_usd == Decimal("3.00")
    assert (month.month, month.based_on_days) == (date(2026, 11, 1), 28)


def test_weekends_are_foreseen_by_weekends() -> None:
    month = forecast(lambda day: "0" if is_weekend(day) else "0.50")

    # 1 to 12 November has nine working days, and twelve are left.
    assert month.spent_usd == Decimal("4.50")
    assert month.expected_usd == Decimal("10.50")


def test_the_more_days_differ_the_wider_it_is_and_never_below_what_was_spent() -> None:
    calm = forecast(lambda day: "0.12" if day.day % 2 else "0.08")
    wild = forecast(lambda day: "2.00" if day.day % 14 == 3 else "0")

    assert calm.low_usd < calm.expected_usd < calm.high_usd
    assert calm.high_usd - calm.low_usd < wild.high_usd - wild.low_usd
    assert wild.low_usd == wild.spent_usd


def test_low_and_high_are_as_wide_as_the_formula_says() -> None:
    month = forecast(lambda day: "0" if is_weekend(day) else "0.2" if day.day % 2 else "0.0")

    # Of 20 working days 10 or 9 cost 0.2; 12 are left: 1.28 × s × √(12 + 12² / 20).
    past = [TODAY - timedelta(days=n) for n in range(1, 29)]
    costs = [0.2 if day.day % 2 else 0.0 for day in past if not is_weekend(day)]
    mean = sum(costs) / len(costs)
    variance = sum((cost - mean) ** 2 for cost in costs) / (len(costs) - 1)
    spread = 1.28 * (variance * (12 + 12**2 / len(costs))) ** 0.5
    assert float(month.high_usd - month.expected_usd) == pytest.approx(spread, abs=1e-4)
    assert float(month.expected_usd - month.low_usd) == pytest.approx(spread, abs=1e-4)


def test_on_the_first_day_all_but_today_is_foreseen() -> None:
    month = forecast(lambda _: "0.10", date(2026, 11, 1))

    assert (month.spent_usd, month.expected_usd) == (Decimal("0.10"), Decimal("3.00"))


def test_on_the_last_day_nothing_is_left_to_foresee() -> None:
    month = forecast(lambda day: "0.70" if day.day % 3 else "0", date(2026, 11, 30))

    assert month.low_usd == month.expected_usd == month.high_usd == month.spent_usd == Decimal("14.00")


def test_february_of_a_leap_year_has_a_day_more() -> None:
    assert forecast(lambda _: "0.10", date(2028, 2, 10)).expected_usd == Decimal("2.90")


def test_a_week_of_nothing_foresees_nothing() -> None:
    month = forecast(lambda _: "0", days=7)

    assert month.spent_usd == month.expected_usd == month.high_usd == Decimal(0)
    assert month.based_on_days == 7
