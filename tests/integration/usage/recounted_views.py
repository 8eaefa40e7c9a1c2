"""What each rollup and each view has to show, column by column, counted by plain Python."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.integration.usage.recount import Call, cost_of, grouped, known_cost, sum_of

Calls = Sequence[Call]


@dataclass(frozen=True)
class View:
    """By what it is grouped, and which calls count."""

    keys: tuple[str, ...]
    counts: Callable[[Call], bool] = lambda _: True
    is_rollup: bool = False
    """It keeps what is known of a cost, where a view says that none of it is."""
    is_of_closed_days: bool = False


VIEWS = {
    "openai_usage_summary": View(("user_id",)),
    "openai_daily_stats": View(("day", "type")),
    "usage_by_class": View(("day", "class_id", "type")),
    "usage_by_feature": View(("day", "feature")),
    "usage_by_model": View(("day", "model", "type")),
    "usage_by_hour": View(("day", "hour")),
    "usage_errors": View(("day", "error", "type"), lambda call: call.error is not None),
    "usage_photo_success": View(("day", "type"), lambda call: call.type != "chat"),
    "usage_first_tokens": View(("day", "model"), lambda call: call.first_token_ms is not None),
    "usage_active_teachers": View(("week",), lambda call: call.user_id is not None),
    "usage_topics": View(("day", "feature", "recognised_by"), lambda call: call.type == "chat"),
}


def _closed(*keys: str) -> View:
    return View(keys, is_rollup=True, is_of_closed_days=True)


ROLLUPS = {
    "usage_daily": View(("day", "user_id", "feature", "type", "model"), is_rollup=True),
    "usage_daily_detail": _closed("day", "class_id", "feature", "type", "model", "error"),
    "usage_hourly": _closed("day", "hour", "utc_day", "feature", "type", "model"),
    "usage_monthly": _closed("month", "user_id", "class_id"),
    "usage_monthly_detail": _closed("month", "user_id", "class_id", "feature", "model"),
}
BOTH = {**VIEWS, **ROLLUPS}
ALSO_CALLED = {"date": "day"}
NAMES_AND_IDS = {"id", "school_id", "created_at", "class_name", "teacher_name"}
NOT_COUNTED = {"usage_details", "usage_portraits"}
"""What others are made of, and what is about photos and not about calls."""


def _ratio(part: Decimal | int | None, whole: int) -> Decimal | None:
    return None if part is None or not whole else Decimal(part) / whole


def _is_chat(call: Call) -> bool:
    return call.type == "chat"


def _first_token_ms(calls: Calls) -> list[int]:
    return [call.first_token_ms for call in calls if call.first_token_ms is not None]


COLUMNS: Mapping[str, Callable[[Calls], Any]] = {
    "requests": len,
    "request_count": len,
    "attempts": len,
    "total_chat_requests": lambda calls: sum(map(_is_chat, calls)),
    "total_image_requests": lambda calls: sum(not _is_chat(call) for call in calls),
    "errors": lambda calls: sum_of(calls).errors,
    "tokens": lambda calls: sum_of(calls).tokens,
    "total_tokens": lambda calls: sum_of(calls).tokens,
    "total_chat_tokens": lambda calls: sum(call.tokens for call in calls if _is_chat(call)),
    "cost": known_cost,
    "total_cost": known_cost,
    "avg_cost_per_request": lambda calls: _ratio(known_cost(calls), len(calls) - sum_of(calls).unpriced),
    "unpriced": lambda calls: sum_of(calls).unpriced,
    "unpriced_requests": lambda calls: sum_of(calls).unpriced,
    "possible_cost": lambda calls: cost_of(calls, "possible"),
    "estimated_cost": lambda calls: cost_of(calls, "estimated"),
    "photos": lambda calls: sum(call.is_photo for call in calls),
    "success_rate": lambda calls: _ratio(sum(call.is_photo for call in calls), len(calls)),
    "uncertain": lambda calls: sum(call.source != "reported" for call in calls),
    "first_tokens": lambda calls: len(_first_token_ms(calls)),
    "first_token_ms": lambda calls: sum(_first_token_ms(calls)),
    "hours": lambda calls: sorted(call.hour for call in calls),
    "answers": lambda calls: len(_first_token_ms(calls)),
    "mean_ms": lambda calls: _ratio(sum(_first_token_ms(calls)), len(_first_token_ms(calls))),
    "teachers": lambda calls: len({call.user_id for call in calls}),
    "last_request_at": lambda calls: max(call.at for call in calls),
    "days": lambda calls: sum({1 << (call.day.day - 1) for call in calls}),
    "weekday": lambda calls: calls[0].day.isoweekday(),
}


def differing(session: Session, calls: Calls, names: Sequence[str]) -> list[str]:
    """Those of these rollups and views that say anything else than the calls to whoever asks."""
    return [name for name in names if _shown(session, name) != _recounted(session, name, calls)]


def _shown(session: Session, name: str) -> dict[Any, dict[str, Any]]:
    keys = BOTH[name].keys
    shown: dict[Any, dict[str, Any]] = {}
    for row in session.execute(text(f"select * from {name}")).mappings():
        named = {ALSO_CALLED.get(column, column): value for column, value in row.items()}
        key = tuple(named[one] for one in keys)
        assert key not in shown, f"{name} shows {key} twice"
        if named.get("requests") != 0:
            shown[key] = {one: _exact(value) for one, value in named.items() if one not in {*keys, *NAMES_AND_IDS}}
    return shown


def _recounted(session: Session, name: str, calls: Calls) -> dict[Any, dict[str, Any]]:
    """A column that nobody counted is a KeyError."""
    view = BOTH[name]
    columns = [ALSO_CALLED.get(one, one) for one in _columns(session, name)]
    counted = [one for one in columns if one not in {*view.keys, *NAMES_AND_IDS}]
    return {
        key: {one: _exact(_count(view, one, found)) for one in counted}
        for key, found in grouped(filter(view.counts, _booked(session, view, calls)), *view.keys).items()
    }


def _booked(session: Session, view: View, calls: Calls) -> Calls:
    if not view.is_of_closed_days:
        return calls
    closed_until = session.scalar(text("select closed_until from usage_books"))
    return [call for call in calls if closed_until is not None and call.at < closed_until]


def _columns(session: Session, name: str) -> list[str]:
    return list(session.execute(text(f"select * from {name} limit 0")).keys())


def _count(view: View, column: str, calls: Calls) -> Any:
    return sum_of(calls).cost_usd if view.is_rollup and column == "cost" else COLUMNS[column](calls)


def _exact(value: Any) -> Any:
    """Sums have ten places at most; a ratio has no end, and each side cuts it elsewhere."""
    if isinstance(value, list):
        return sorted(value)
    return round(value, 10) if isinstance(value, Decimal) else value
