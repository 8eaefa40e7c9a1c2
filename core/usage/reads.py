"""What was spent, as far as this person may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, text

from core.accounts.person import Person
from core.db.engine import Database


@dataclass(frozen=True)
class MonthSummary:
    """This month so far; `is_at_least` says that a cost is unknown. `by_day` runs from the 1st to today.

    A sum is None where there were requests and no price of any is known.
    """

    cost_usd: Decimal | None
    is_at_least: bool
    before_usd: Decimal | None
    by_day: tuple[Decimal, ...]
    photos: int
    answers: int
    unconfirmed: int


@dataclass(frozen=True)
class _Day:
    cost_usd: Decimal
    requests: int
    unpriced: int


_DAYS = text(
    """
    select d.day, sum(d.cost) as cost, sum(d.requests) as requests, sum(d.unpriced) as unpriced
    from usage_daily as d
    where d.school_id = :school and (:is_admin or d.user_id = :me) and d.day between :from_day and :to_day
    group by d.day
    """
)

_COUNTS = text(
    """
    select
        count(*) filter (where u.type <> 'chat' and u.error is null) as photos,
        count(*) filter (where u.type = 'chat' and u.error is null) as answers,
        count(*) filter (where u.cost_source = 'possible') as unconfirmed
    from openai_usage as u
    where u.school_id = :school and (:is_admin or u.user_id = :me) and u.state = 'settled' and u.created_at >= :since
    """
)


class Usage:
    """The ledger's rollups, for one person at a time."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def month(self, person: Person, now: datetime) -> MonthSummary:
        """What a person spent this month, for an admin the whole school, beside the same days of the month before."""
        today = now.astimezone(person.zone).date()
        first = today.replace(day=1)
        last_month = (first - timedelta(days=1)).replace(day=1)
        since = datetime(first.year, first.month, 1, tzinfo=person.zone)
        with self._database.as_person(person) as session:
            this = _by_day(session.execute(_DAYS, _range(person, first, today)).all())
            before_until = min(last_month + (today - first), first - timedelta(days=1))
            before = _by_day(session.execute(_DAYS, _range(person, last_month, before_until)).all())
            counts = session.execute(_COUNTS, {**_whose(person), "since": since}).one()
        days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
        return MonthSummary(
            cost_usd=_known_sum(this),
            is_at_least=any(day.unpriced for day in this.values()),
            before_usd=_known_sum(before),
            by_day=tuple(this[day].cost_usd if day in this else Decimal(0) for day in days),
            photos=counts.photos,
            answers=counts.answers,
            unconfirmed=counts.unconfirmed,
        )


def _range(person: Person, first: date, last: date) -> dict[str, object]:
    return {**_whose(person), "from_day": first, "to_day": last}


def _whose(person: Person) -> dict[str, object]:
    return {"school": person.school_id, "is_admin": person.is_admin, "me": person.staff_id}


def _by_day(rows: Sequence[Row[Any]]) -> dict[date, _Day]:
    return {row.day: _Day(row.cost, row.requests, row.unpriced) for row in rows}


def _known_sum(days: Mapping[date, _Day]) -> Decimal | None:
    """As the views say it: what is not priced adds nothing, and a sum of nothing else is unknown."""
    if days and all(day.unpriced == day.requests for day in days.values()):
        return None
    return sum((day.cost_usd for day in days.values()), Decimal(0))
