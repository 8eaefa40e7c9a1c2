"""What the log of changes holds at the made-up school: how its admin set it up, and what teachers wrote down since."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.demo import budgets, remarks
from core.demo.identity import SCHOOL_ID, demo_id
from core.demo.people import SITI, TIME_ZONE, UNIFORM, class_staff_rows
from core.demo.rows import Rows

ZONE = ZoneInfo(TIME_ZONE)
SET_UP_DAYS_AGO = 46
AT_NINE = time(9)
LATEST_REMARKS = 12


def audit_rows(today: date) -> Rows:
    """As the database would have written them."""
    set_up = datetime.combine(today - timedelta(days=SET_UP_DAYS_AGO), AT_NINE, ZONE)
    latest = sorted(remarks.observation_rows(today), key=itemgetter("happened_at", "id"))[-LATEST_REMARKS:]
    return [
        _row("uniform_setting.changed", "schools", SCHOOL_ID, {"uniform": UNIFORM}, SITI.id, set_up),
        *_added("class_teacher", "class_staff", class_staff_rows(), set_up + timedelta(minutes=6)),
        *_added("budget", "budgets", budgets.budget_rows(), set_up + timedelta(minutes=17)),
        *(_remark(row) for row in latest),
    ]


def _added(noun: str, table: str, rows: Rows, begun: datetime) -> Iterable[dict[str, Any]]:
    """By the admin, one after the other."""
    for place, row in enumerate(rows):
        at = begun + timedelta(seconds=25 * place)
        yield _row(f"{noun}.added", table, row["id"], row, SITI.id, at)


def _remark(row: dict[str, Any]) -> dict[str, Any]:
    return _row("observation.added", "observations", row["id"], row, row["author_id"], row["happened_at"])


def _row(
    action: str, table: str, object_id: UUID, after: dict[str, Any], actor_id: UUID, at: datetime
) -> dict[str, Any]:
    return {
        "id": demo_id("audit", action, object_id),
        "school_id": SCHOOL_ID,
        "actor_id": actor_id,
        "action": action,
        "object": f"{table}/{object_id}",
        "after": {name: _as_json(value) for name, value in after.items()},
        "created_at": at,
    }


def _as_json(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, str | bool | int) else str(value)
