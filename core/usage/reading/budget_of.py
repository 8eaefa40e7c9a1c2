"""The budget that belongs to what a reader of the page of usage looks at."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.tables import budgets as tables
from core.usage.budget import BudgetNow
from core.usage.reading.budgets import OF_SCHOOL, Condition, in_force
from core.usage.report import Filters, Forecast


def budget_of(
    session: Session, person: Person, filters: Filters, foreseen: Forecast | None, today: date
) -> BudgetNow | None:
    """The forecast goes with it where it is of just what the budget counts."""
    found = in_force(session, today.replace(day=1), _wanted(person, filters))
    if not found:
        return None
    now = found[0]
    if foreseen is None or not _is_all(person, filters):
        return now
    return replace(now, forecast_usd=foreseen.expected_usd + now.held_usd)


def _wanted(person: Person, filters: Filters) -> Condition:
    if not person.is_admin:
        return tables.Budget.staff_id == person.staff_id
    if filters.staff_id is not None:
        return tables.Budget.staff_id == filters.staff_id
    return OF_SCHOOL if filters.class_id is None else tables.Budget.class_id == filters.class_id


def _is_all(person: Person, filters: Filters) -> bool:
    """Nothing that counts to the budget is filtered out."""
    if filters.feature is not None or filters.model is not None:
        return False
    return filters.class_id is None or (person.is_admin and filters.staff_id is None)
