"""What each of many budgets will have come to at the month's end, from one look at everybody's days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.db.tables.rollups import UsageDailyDetail
from core.usage.budget import BudgetNow, BudgetOf, Holder
from core.usage.reading.forecast import LEAST_DAYS, LOOKS_BACK, foreseen
from core.usage.reading.scope import Scope
from core.usage.reading.sources import booked
from core.usage.report import Span

_BY_PERSON = text(
    """
    select d.user_id as holder, d.day, sum(d.cost) as cost
    from usage_daily as d
    where d.school_id = :school and d.day between :first and :last
    group by d.user_id, d.day
    """
)
# Each by an index that ends with the day, or years would be read.
_FIRST_USE = text(
    """
    select s.id as holder, (select min(d.day) from usage_daily as d where d.user_id = s.id) as day
    from staff as s where s.id = any(:people)
    union all
    select c.id, (
        select min(d.day) from usage_daily_detail as d where d.school_id = c.school_id and d.class_id = c.id
    )
    from classes as c where c.id = any(:classes)
    union all
    select null, (select min(d.day) from usage_daily as d where d.school_id = :school)
    """
)
Costs = Mapping[Any, Mapping[date, Decimal]]


def with_forecasts(session: Session, scope: Scope, found: Iterable[BudgetNow], today: date) -> list[BudgetNow]:
    """`scope` is the whole school's; where there was less than a week of use there is no forecast."""
    budgets = list(found)
    holders = [one.budget.holder for one in budgets]
    first_use = _first_use(session, scope, holders)
    costs = _costs(session, scope.over(Span(min(today.replace(day=1), _back(today)), today)), holders)
    return [replace(one, forecast_usd=_forecast(one, costs[one.budget.holder.id], first_use, today)) for one in budgets]


def _forecast(
    one: BudgetNow, cost: Mapping[date, Decimal], first_use: Mapping[Any, date | None], today: date
) -> Decimal | None:
    window = Span(max(first_use.get(one.budget.holder.id) or today, _back(today)), today - timedelta(days=1))
    if window.days < LEAST_DAYS:
        return None
    return foreseen(cost, window, today).expected_usd + one.held_usd


def _back(today: date) -> date:
    return today - timedelta(days=LOOKS_BACK)


def _first_use(session: Session, scope: Scope, holders: Iterable[Holder]) -> Mapping[Any, date | None]:
    wanted = list(holders)
    values = {
        "school": scope.school_id,
        "people": [one.id for one in wanted if one.of is BudgetOf.PERSON],
        "classes": [one.id for one in wanted if one.of is BudgetOf.CLASS],
    }
    return {row.holder: row.day for row in session.execute(_FIRST_USE, values)}


def _costs(session: Session, scope: Scope, holders: Iterable[Holder]) -> Costs:
    """By the holder's id, None for the school's; a day without use costs nothing."""
    costs: dict[Any, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    span = {"school": scope.school_id, "first": scope.span.first, "last": scope.span.last}
    for row in session.execute(_BY_PERSON, span):
        costs[None][row.day] += row.cost
        if row.holder is not None:
            costs[row.holder][row.day] += row.cost
    if any(one.of is BudgetOf.CLASS for one in holders):
        for row in _of_classes(session, scope):
            costs[row.class_id][row.day] += row.cost
    return costs


def _of_classes(session: Session, scope: Scope) -> Iterable[Row[Any]]:
    source = booked(UsageDailyDetail, scope, ("class_id", "day", "cost"))
    return session.execute(source.select().where(source.c.class_id.is_not(None)))
