"""Budgets as far as this reader may see them, with what this month has used of each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, or_, select, text
from sqlalchemy.orm import Session

from core.db.tables import budgets as tables
from core.db.tables.people import School, SchoolClass, Staff
from core.usage.budget import WORTH_A_BANNER, Budget, BudgetNow, BudgetOf, Holder, Kept

_SUMS = text("select * from private.sums_of_budgets(:budgets)").bindparams(bindparam("budgets"))
Condition = ColumnElement[bool]
OF_SCHOOL: Condition = tables.Budget.class_id.is_(None) & tables.Budget.staff_id.is_(None)


def in_force(session: Session, month: date, *conditions: Condition) -> tuple[BudgetNow, ...]:
    """Of each holder the one that holds in this month, which has to be the current one; school, classes, people."""
    found = budgets(session, or_(tables.Budget.month.is_(None), tables.Budget.month == month), *conditions)
    return with_sums(session, month, [_holding(of_one, month) for of_one in by_holder(found).values()])


def kept(session: Session, month: date) -> tuple[Kept, ...]:
    """Everything that is set for this month and later."""
    found = by_holder(budgets(session, or_(tables.Budget.month.is_(None), tables.Budget.month >= month)))
    holding = {
        holder: _holding(of_one, month) for holder, of_one in found.items() if any(_may_hold(b, month) for b in of_one)
    }
    now = {one.budget.holder: one for one in with_sums(session, month, list(holding.values()))}
    return tuple(
        Kept(holder, now.get(holder), tuple(one for one in of_one if one is not holding.get(holder)))
        for holder, of_one in found.items()
    )


def warned(session: Session, month: date) -> tuple[BudgetNow, ...]:
    """Those that have passed the mark of a banner, and still are beyond it."""
    passed = select(tables.BudgetWarning.budget_id).where(
        tables.BudgetWarning.month == month, tables.BudgetWarning.percent >= WORTH_A_BANNER
    )
    holders = budgets(session, tables.Budget.id.in_(passed))
    if not holders:
        return ()
    wanted = [_is_of(one.holder) for one in holders]
    return tuple(one for one in in_force(session, month, or_(*wanted)) if one.mark >= WORTH_A_BANNER)


def budgets(session: Session, *conditions: Condition) -> list[Budget]:
    """By holder, the one for every month last."""
    table = tables.Budget
    statement = (
        select(
            table, School.name.label("school"), SchoolClass.name, SchoolClass.archived_at, Staff.full_name, Staff.active
        )
        .join(School, School.id == table.school_id)
        .outerjoin(SchoolClass, SchoolClass.id == table.class_id)
        .outerjoin(Staff, Staff.id == table.staff_id)
        .where(*conditions)
        .order_by(table.staff_id.is_not(None), table.class_id.is_not(None), SchoolClass.name, Staff.full_name)
        .order_by(table.staff_id, table.class_id, table.month.nulls_last())
    )
    return [_budget(row) for row in session.execute(statement)]


def with_sums(session: Session, month: date, found: Sequence[Budget]) -> tuple[BudgetNow, ...]:
    if not found:
        return ()
    ids = [one.id for one in found]
    sums = {row.budget_id: row for row in session.execute(_SUMS, {"budgets": ids})}
    passed = _passed(session, month, ids)
    return tuple(
        BudgetNow(
            budget=one,
            month=month,
            spent_usd=sums[one.id].spent_usd,
            held_usd=sums[one.id].held_usd,
            unpriced=sums[one.id].unpriced,
            passed_at=passed[one.id],
        )
        for one in found
        if one.id in sums
    )


def by_holder(found: Iterable[Budget]) -> Mapping[Holder, list[Budget]]:
    grouped: dict[Holder, list[Budget]] = defaultdict(list)
    for one in found:
        grouped[one.holder].append(one)
    return grouped


def _holding(of_one: Sequence[Budget], month: date) -> Budget:
    return next((one for one in of_one if one.month == month), of_one[-1])


def _may_hold(one: Budget, month: date) -> bool:
    return one.month in {None, month}


def _passed(session: Session, month: date, ids: Sequence[UUID]) -> Mapping[UUID, dict[int, datetime]]:
    table = tables.BudgetWarning
    found: dict[UUID, dict[int, datetime]] = defaultdict(dict)
    rows = session.execute(
        select(table.budget_id, table.percent, table.created_at).where(table.month == month, table.budget_id.in_(ids))
    )
    for budget_id, percent, at in rows:
        found[budget_id][percent] = at
    return found


def _is_of(holder: Holder) -> Condition:
    if holder.of is BudgetOf.SCHOOL:
        return OF_SCHOOL
    column = tables.Budget.class_id if holder.of is BudgetOf.CLASS else tables.Budget.staff_id
    return column == holder.id


def _budget(row: Row[*tuple[Any, ...]]) -> Budget:
    kept = row.Budget
    return Budget(id=kept.id, holder=_holder(row, kept), month=kept.month, amount_usd=kept.amount_usd, hard=kept.hard)


def _holder(row: Row[*tuple[Any, ...]], kept: tables.Budget) -> Holder:
    if kept.class_id is not None:
        return Holder(BudgetOf.CLASS, kept.class_id, row.name or "A former class", row.archived_at is not None)
    if kept.staff_id is not None:
        return Holder(BudgetOf.PERSON, kept.staff_id, row.full_name, not row.active)
    return Holder(BudgetOf.SCHOOL, None, row.school)
