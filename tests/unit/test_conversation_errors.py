from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import TooManyMessages

SINGAPORE = ZoneInfo("Asia/Singapore")


@pytest.mark.parametrize(
    ("opens_at", "shown"),
    [
        (datetime(2026, 11, 12, 10, 42, 13, tzinfo=SINGAPORE), "10:42:13"),
        (datetime(2026, 11, 12, 10, 42, 13, 1, tzinfo=SINGAPORE), "10:42:14"),
        (datetime(2026, 11, 12, 10, 59, 59, 999999, tzinfo=SINGAPORE), "11:00:00"),
    ],
)
def test_whoever_asks_again_at_the_shown_second_is_not_refused_again(opens_at: datetime, shown: str) -> None:
    error = TooManyMessages(opens_at)

    assert f"Ask again at {shown};" in str(error)
    assert error.opens_at == opens_at
