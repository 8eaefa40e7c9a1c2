"""The ledger added up by plain Python, with none of our SQL: what every report and view has to say."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.usage.report import Filters, Span, Sum


@dataclass(frozen=True)
class Call:
    """One settled row of the ledger with the day and hour that the school's clocks showed."""

    id: UUID
    user_id: UUID | None
    class_id: UUID | None
    feature: str
    type: str
    model: str
    error: str | None
    tokens: int
    cost: Decimal | None
    source: str
    first_token_ms: int | None
    recognised_by: str | None
    at: datetime
    local: datetime

    @property
    def day(self) -> date:
        return self.local.date()

    @property
    def hour(self) -> int:
        return self.local.hour

    @property
    def week(self) -> date:
        return self.day - timedelta(days=self.day.weekday())

    @property
    def month(self) -> date:
        return self.day.replace(day=1)

    @property
    def utc_day(self) -> date:
        return self.at.astimezone(UTC).date()

    @property
    def is_photo(self) -> bool:
        return self.type != "chat" and self.error is None


def calls_of(owner: Connection, person: Person) -> list[Call]:
    """Every settled one that this person may see."""
    rows = owner.execute(text("select * from openai_usage where school_id = :school"), {"school": person.school_id})
    return [
        Call(
            *(row.id, row.user_id, row.class_id, row.feature, row.type, row.model, row.error),
            *(row.total_tokens or 0, row.estimated_cost, row.cost_source, row.first_token_ms),
            *(row.request_data.get("by"), row.created_at, row.created_at.astimezone(ZoneInfo(person.time_zone))),
        )
        for row in rows
        if row.state == "settled" and (person.is_admin or row.user_id == person.staff_id)
    ]


def within(calls: Iterable[Call], filters: Filters) -> list[Call]:
    wanted = {
        "user_id": filters.staff_id,
        "class_id": filters.class_id,
        "feature": filters.feature,
        "model": filters.model,
    }
    return [
        call
        for call in calls
        if filters.span.first <= call.day <= filters.span.last
        and all(value is None or getattr(call, name) == value for name, value in wanted.items())
    ]


def grouped(calls: Iterable[Call], *keys: str) -> dict[tuple[Any, ...], list[Call]]:
    found: dict[tuple[Any, ...], list[Call]] = defaultdict(list)
    for call in calls:
        found[tuple(getattr(call, key) for key in keys)].append(call)
    return found


def sum_of(calls: Sequence[Call]) -> Sum:
    return Sum(
        requests=len(calls),
        errors=sum(call.error is not None for call in calls),
        tokens=sum(call.tokens for call in calls),
        cost_usd=cost_of(calls, "reported", "estimated", "possible"),
        unpriced=sum(call.source == "unpriced" for call in calls),
        possible_usd=cost_of(calls, "possible"),
        estimated_usd=cost_of(calls, "estimated"),
    )


def sums(calls: Iterable[Call], *keys: str) -> dict[Any, Sum]:
    """By the key itself where there is one."""
    found = grouped(calls, *keys)
    return {key if len(keys) > 1 else key[0]: sum_of(of_key) for key, of_key in found.items()}


def cost_of(calls: Iterable[Call], *sources: str) -> Decimal:
    return sum((call.cost for call in calls if call.source in sources and call.cost is not None), Decimal(0))


def known_cost(calls: Sequence[Call]) -> Decimal | None:
    """Unknown where no price of any is known."""
    return None if all(call.source == "unpriced" for call in calls) else sum_of(calls).cost_usd


def per_piece(calls: Iterable[Call], is_piece: Callable[[Call], bool]) -> Mapping[date, Decimal]:
    """By day; days without a piece or with an unknown cost are left out."""
    return {
        day: sum_of(found).cost_usd / pieces
        for (day,), found in grouped(calls, "day").items()
        if (pieces := sum(map(is_piece, found))) and not sum_of(found).unpriced
    }


def days_in(span: Span) -> list[date]:
    return [span.first + timedelta(days=n) for n in range(span.days)]
