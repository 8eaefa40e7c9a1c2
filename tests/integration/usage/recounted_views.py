"""What each view has to show, column by column, counted by plain Python."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.integration.usage.recount import Call, cost_of, grouped, known_cost, sum_of

Calls = Sequence[Call]


@dataclass(frozen=True)
class View:
    """By what it is grouped, and which calls count."""

    keys: tuple[str, ...]
    counts: Callable[[Call], bool] = lambda _: True


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
ALSO_CALLED = {"date": "day"}
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
    "answers": lambda calls: len(_first_token_ms(calls)),
    "mean_ms": lambda calls: _ratio(sum(_first_token_ms(calls)), len(_first_token_ms(calls))),
    "teachers": lambda calls: len({call.user_id for call in calls}),
    "last_request_at": lambda calls: max(call.at for call in calls),
    "weekday": lambda calls: calls[0].day.isoweekday(),
}


def recounted(view: str, columns: Sequence[str], calls: Calls) -> dict[Any, dict[str, Any]]:
    """By key, every other column with its value; a column that nobody counted is a KeyError."""
    shown = VIEWS[view]
    counted = [name for name in columns if ALSO_CALLED.get(name, name) not in shown.keys]
    return {
        key: {name: _exact(COLUMNS[name](found)) for name in counted}
        for key, found in grouped(filter(shown.counts, calls), *shown.keys).items()
    }


def as_shown(view: str, rows: Sequence[Mapping[str, Any]]) -> dict[Any, dict[str, Any]]:
    keys = VIEWS[view].keys
    shown: dict[Any, dict[str, Any]] = {}
    for row in rows:
        named = {ALSO_CALLED.get(name, name): value for name, value in row.items()}
        values = tuple(named.pop(key) for key in keys)
        key = values if len(keys) > 1 else values[0]
        assert key not in shown, f"{view} shows {key} twice"
        shown[key] = {name: _exact(value) for name, value in named.items()}
    return shown


def _exact(value: Any) -> Any:
    """Sums have ten places at most; a ratio has no end, and each side cuts it elsewhere."""
    return round(value, 10) if isinstance(value, Decimal) else value
