from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.ui.formats import clock, day_and_time, level_name, money, window

SINGAPORE = ZoneInfo("Asia/Singapore")
MOMENT = datetime(2026, 11, 12, 2, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0.00"),
        ("0.0004", "0.0004"),
        ("0.0132", "0.013"),
        ("0.04", "0.04"),
        ("0.099", "0.099"),
        ("0.31", "0.31"),
        ("12.346", "12.35"),
    ],
)
def test_money_has_cents_and_small_amounts_two_digits_that_count(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == f"\\${shown}"


def test_an_unknown_amount_is_never_zero() -> None:
    assert money(None) == "not priced"


def test_times_are_the_schools() -> None:
    assert clock(MOMENT, SINGAPORE) == "10:20:05"
    assert day_and_time(MOMENT, SINGAPORE) == "12 Nov, 10:20"


@pytest.mark.parametrize(
    ("level", "name"),
    [("P5", "Primary 5"), ("Sec 2", "Secondary 2"), ("K1", "Kindergarten 1"), ("JC1", "JC1"), ("P", "P"), (None, None)],
)
def test_a_level_is_spelled_out_where_it_is_known(level: str | None, name: str | None) -> None:
    assert level_name(level) == name


@pytest.mark.parametrize(("seconds", "words"), [("60", "a minute"), ("3600", "an hour"), ("2.5", "in 2.5 seconds")])
def test_a_limits_window_reads_behind_a_number(seconds: str, words: str) -> None:
    assert window(Decimal(seconds)) == words
