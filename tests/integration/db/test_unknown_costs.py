"""An unknown cost is unknown everywhere: in the views, in a person's month, and until the reply turns up."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.usage import ledger
from core.usage.ledger import Settlement
from core.usage.prices import Cost, CostSource
from core.usage.reads import Usage
from tests.cast import Cast

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
LAST_MONTH = datetime(2026, 2, 3, 4, 0, tzinfo=UTC)
FOUR_CENTS = Cost(Decimal("0.04"), CostSource.REPORTED)


def _settled(owner: Connection, cast: Cast, cost: str | None, *, at: datetime = NOON) -> UUID:
    row = owner.scalar(
        text(
            "insert into openai_usage (school_id, user_id, type, model, feature, state, cost_source, estimated_cost,"
            " created_at) values (:school, :mei, 'image', 'gpt-image', 'portrait', 'settled', :source, :cost, :at)"
            " returning id"
        ),
        {
            "school": cast.mei.school_id,
            "mei": cast.mei.staff_id,
            "source": "reported" if cost else "unpriced",
            "cost": cost,
            "at": at,
        },
    )
    assert isinstance(row, UUID)
    return row


def _views(owner: Connection) -> tuple[Any, Any]:
    summary = owner.execute(text("select total_cost, unpriced_requests from openai_usage_summary")).one()
    daily = owner.execute(
        text("select total_cost, avg_cost_per_request, unpriced_requests from openai_daily_stats")
    ).one()
    return tuple(summary), tuple(daily)


def test_a_total_of_unknown_costs_alone_is_unknown(owner: Connection, cast: Cast) -> None:
    _settled(owner, cast, None)
    _settled(owner, cast, None)

    assert _views(owner) == ((None, 2), (None, None, 2))


def test_a_total_beside_unknown_costs_counts_them_and_averages_the_others(owner: Connection, cast: Cast) -> None:
    for cost in ("0.02", "0.04", None):
        _settled(owner, cast, cost)

    assert _views(owner) == ((Decimal("0.06"), 1), (Decimal("0.06"), Decimal("0.03"), 1))


@pytest.mark.parametrize(
    ("costs", "expected"),
    [([], (Decimal(0), False)), ([None], (None, True)), (["0.04", None], (Decimal("0.04"), True))],
)
def test_a_month_of_unknown_costs_alone_is_unknown(
    database: Database, owner: Connection, cast: Cast, costs: list[str | None], expected: tuple[Decimal | None, bool]
) -> None:
    for cost in costs:
        _settled(owner, cast, cost)

    month = Usage(database=database).month(cast.mei, NOON)

    assert (month.cost_usd, month.is_at_least) == expected
    assert month.before_usd == 0


def test_the_month_before_may_be_unknown_too(database: Database, owner: Connection, cast: Cast) -> None:
    _settled(owner, cast, None, at=LAST_MONTH)

    month = Usage(database=database).month(cast.mei, NOON)

    assert (month.cost_usd, month.before_usd) == (Decimal(0), None)


def test_a_late_reply_tells_what_an_unpriced_call_cost(database: Database, owner: Connection, cast: Cast) -> None:
    row = _settled(owner, cast, None)

    with database.as_worker() as session:
        ledger.settle(session, row, Settlement(FOUR_CENTS))

    assert _views(owner) == ((Decimal("0.04"), 0), (Decimal("0.04"), Decimal("0.04"), 0))


def test_an_estimate_does_not_stand_in_for_an_unknown_cost(database: Database, owner: Connection, cast: Cast) -> None:
    row = _settled(owner, cast, None)

    with database.as_worker() as session:
        ledger.settle(session, row, Settlement(Cost(Decimal("0.04"), CostSource.ESTIMATED)))

    assert owner.scalar(text("select cost_source from openai_usage")) == "unpriced"
