"""Usage by teacher, class, feature and model, the most expensive first, and how many use it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from core.db.tables.people import SchoolClass, Staff
from core.usage.reading.amounts import sum_of, total
from core.usage.reading.scope import Scope
from core.usage.reading.sources import by_day, by_person, by_work, sums
from core.usage.report import Slice, Sum

OPERATOR = "The operator"
NO_CLASS = "No class"
FORMER_CLASS = "A former class"


@dataclass(frozen=True)
class Keyed:
    """One look at the ledger for the three of them."""

    by_class: tuple[Slice, ...]
    by_feature: tuple[Slice, ...]
    by_model: tuple[Slice, ...]


def keyed(session: Session, scope: Scope) -> Keyed:
    work, days = by_work(scope), by_day(scope)
    used = session.execute(
        select(work.c.class_id, work.c.feature, *sums(work)).group_by(work.c.class_id, work.c.feature)
    ).all()
    models = session.execute(select(days.c.model, *sums(days)).group_by(days.c.model)).all()
    names = class_names(session)
    return Keyed(
        _slices(used, "class_id", lambda key: names.get(key, FORMER_CLASS) if key else NO_CLASS),
        _slices(used, "feature", str),
        _slices(models, "model", str),
    )


def by_teacher(session: Session, scope: Scope) -> tuple[Slice, ...]:
    source = by_person(scope)
    rows = session.execute(select(source.c.user_id, *sums(source)).group_by(source.c.user_id)).all()
    names = staff_names(session)
    return _slices(rows, "user_id", lambda key: names.get(key, OPERATOR))


def active_teachers(session: Session, scope: Scope) -> Mapping[date, int]:
    """How many used anything, by the Monday of the week; days of a week that are out of the span don't count."""
    source = by_person(scope)
    someone = (
        select(source.c.week)
        .where(source.c.user_id.is_not(None))
        .group_by(source.c.week, source.c.user_id)
        .having(func.sum(source.c.requests) > 0)
        .subquery()
    )
    statement = select(someone.c.week, func.count()).group_by(someone.c.week).order_by(someone.c.week)
    return dict(session.execute(statement).all())


def staff_names(session: Session) -> Mapping[UUID, str]:
    return dict(session.execute(select(Staff.id, Staff.full_name)).all())


def class_names(session: Session) -> Mapping[UUID, str]:
    """Of those that this reader may see, archived ones included."""
    return dict(session.execute(select(SchoolClass.id, SchoolClass.name)).all())


def _slices(rows: Sequence[Row[*tuple[Any, ...]]], key: str, name_of: Any) -> tuple[Slice, ...]:
    used: dict[Any, list[Sum]] = defaultdict(list)
    for row in rows:
        if row.requests:
            used[getattr(row, key)].append(sum_of(row))
    slices = [Slice(value, name_of(value), total(found)) for value, found in used.items()]
    return tuple(sorted(slices, key=lambda one: (-one.sum.cost_usd, -one.sum.requests, one.name)))
