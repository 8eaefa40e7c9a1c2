"""Ledgers as hypothesis draws them: two schools in zones of their own, round midnights and changes of the clock."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from sqlalchemy import Connection, insert, text

from core.accounts.person import Person
from core.db.tables.usage import UsageRow
from core.usage.report import Span
from tests.cast import Cast

# Half an hour off, just west of the date line, one whose clocks change at midnight, and two that never do.
ZONES = ("Asia/Singapore", "America/St_Johns", "Pacific/Apia", "America/Havana", "UTC")
# The Sundays on which clocks go forward and back in two of them; and now, with closed days and open ones.
TODAY = datetime.now(UTC).date()
SEASONS = (date(2026, 3, 8), date(2026, 11, 1), TODAY)
SOURCES = {"reported": "0.0004", "estimated": "0.0003000001", "possible": "0.05", "unpriced": None}
DAY = 24 * 60

calls = st.fixed_dictionaries(
    {
        "person": st.sampled_from(["mei", "mei", "arjun", "operator", "ben"]),
        "in_class": st.booleans(),
        "type": st.sampled_from(["chat", "image", "batch_image"]),
        "feature": st.sampled_from(["ptm", "portrait"]),
        "model": st.sampled_from(["gpt-6-luna", "gpt-image-2.5-flare"]),
        "error": st.sampled_from([None, None, "no_answer", "cut_off"]),
        "source": st.sampled_from([*sorted(SOURCES), "reserved", "released"]),
        "tokens": st.one_of(st.none(), st.integers(0, 10**9)),
        "first_token_ms": st.one_of(st.none(), st.integers(0, 10**6)),
        "by": st.sampled_from(["words", "command", None]),
        # Dense round the change of the clocks, wide enough for weeks and months to change.
        "minutes": st.one_of(st.integers(-12 * DAY, 9 * DAY), st.integers(-DAY, DAY)),
        "settled_later": st.booleans(),
        "corrected": st.booleans(),
    }
)

HELD = {
    "state": "reserved",
    **dict.fromkeys(("cost_source", "estimated_cost", "error", "total_tokens", "first_token_ms")),
}
_SETTLE = text(
    """
    update openai_usage as u
    set state = s.state, cost_source = s.cost_source, estimated_cost = s.estimated_cost, error = s.error,
        total_tokens = s.total_tokens, first_token_ms = s.first_token_ms
    from jsonb_to_recordset(cast(:rows as jsonb)) as s (
        id uuid, state text, cost_source text, estimated_cost numeric, error text, total_tokens integer,
        first_token_ms integer
    )
    where u.id = s.id
    """
)
_CORRECT = text(
    "update openai_usage set cost_source = 'reported', estimated_cost = 0.0131700001, error = null, total_tokens = 7"
    " where id = any(:ids)"
)


@dataclass(frozen=True)
class Story:
    """What was called, and where the two schools are."""

    calls: list[dict[str, Any]]
    season: date
    north: str
    south: str
    former: str
    """Where the first school was until just before the late replies turned up."""

    @property
    def wide(self) -> Span:
        return self.span(-13, 9)

    def span(self, first: int, last: int) -> Span:
        """Days before and after the change of the clocks."""
        return Span(self.season + timedelta(days=first), self.season + timedelta(days=last))


stories = st.builds(
    Story,
    st.one_of(st.lists(calls, min_size=16, max_size=30), st.just([])),
    st.sampled_from(SEASONS),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
)


def tell(owner: Connection, cast: Cast, story: Story) -> None:
    """All calls in one statement, what is settled later in another, and what turns up late in a third."""
    _move(owner, cast.mei, story.former)
    _move(owner, cast.ben, story.south)
    rows = [(call, _row(cast, story, call)) for call in story.calls]
    later = [row for call, row in rows if call["settled_later"] and row["state"] == "settled"]
    if rows:
        owner.execute(insert(UsageRow).values([{**row, **HELD} if row in later else row for _, row in rows]))
    settled = [{name: str(row[name]) if row[name] is not None else None for name in ("id", *HELD)} for row in later]
    owner.execute(_SETTLE, {"rows": json.dumps(settled)})
    _move(owner, cast.mei, story.north)
    late = [row["id"] for call, row in rows if call["corrected"] and call["source"] in {"possible", "unpriced"}]
    owner.execute(_CORRECT, {"ids": late})


def _move(owner: Connection, person: Person, zone: str) -> None:
    owner.execute(text("update schools set time_zone = :zone where id = :id"), {"zone": zone, "id": person.school_id})


def _row(cast: Cast, story: Story, call: dict[str, Any]) -> dict[str, Any]:
    person, source = call["person"], call["source"]
    is_settled = source in SOURCES
    cost = SOURCES.get(source)
    midnight = datetime(story.season.year, story.season.month, story.season.day, tzinfo=UTC)
    return {
        "id": uuid4(),
        "school_id": (cast.ben if person == "ben" else cast.mei).school_id,
        "user_id": None if person == "operator" else getattr(cast, person).staff_id,
        "class_id": _class(cast, person) if call["in_class"] else None,
        **{name: call[name] for name in ("type", "feature", "model", "error", "first_token_ms")},
        "total_tokens": call["tokens"],
        "state": "settled" if is_settled else source,
        "cost_source": source if is_settled else None,
        "estimated_cost": None if cost is None else Decimal(cost),
        "request_data": {"by": call["by"]} if call["by"] else {},
        "created_at": midnight + timedelta(minutes=call["minutes"]),
    }


def _class(cast: Cast, person: str) -> UUID:
    return {"ben": cast.elsewhere, "arjun": cast.courage}.get(person, cast.integrity)
