from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.ui.visit import VisitOfTab, visit_line

ZONE = ZoneInfo("Asia/Singapore")
ENDS_AT = datetime(2026, 11, 13, 10, 42, tzinfo=ZONE)


@pytest.mark.parametrize(("day", "said"), [(12, "afresh tomorrow at 10:42"), (13, "afresh today at 10:42")])
def test_the_line_says_on_which_day_the_school_starts_afresh(day: int, said: str) -> None:
    now = datetime(2026, 11, day, 9, 0, tzinfo=ZONE)

    assert said in visit_line(VisitOfTab("v", ENDS_AT, follows_another=False), now)
