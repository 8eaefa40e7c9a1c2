"""What may be spent in a month at the made-up school: soft budgets, so that nothing is ever refused to a visitor."""

from decimal import Decimal
from uuid import UUID

from core.demo.identity import SCHOOL_ID, demo_id
from core.demo.people import STAFF
from core.demo.rows import Rows

OF_SCHOOL_USD, OF_A_TEACHER_USD = Decimal(10), Decimal(5)


def budget_rows() -> Rows:
    """The school's and each teacher's, for every month."""
    teachers = [one for one in STAFF if one.role == "teacher"]
    return [
        _row("school", None, OF_SCHOOL_USD),
        *(_row(one.email, one.id, OF_A_TEACHER_USD) for one in teachers),
    ]


def _row(whose: str, staff_id: UUID | None, amount_usd: Decimal) -> dict[str, object]:
    return {
        "id": demo_id("budget", whose),
        "school_id": SCHOOL_ID,
        "staff_id": staff_id,
        "amount_usd": amount_usd,
        "hard": False,
    }
