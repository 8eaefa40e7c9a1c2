"""The five statements that an owner was promised, word for word, beside a plain recount."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from core.accounts.person import Person
from tests.integration.usage.recount import Call, calls_of, grouped, known_cost, sum_of

SUMMARY = "SELECT * FROM openai_usage_summary;"
DAILY = "SELECT * FROM openai_daily_stats WHERE date >= CURRENT_DATE - INTERVAL '7 days';"
ERRORS = "SELECT * FROM openai_usage WHERE error IS NOT NULL ORDER BY created_at DESC LIMIT 10;"
LIMITS = (
    "SELECT user_id, type, COUNT(*) as request_count, MAX(created_at) as last_request FROM rate_limits"
    " WHERE created_at > NOW() - INTERVAL '1 minute' GROUP BY user_id, type;"
)
PHOTO = "SELECT profile_photo FROM students WHERE id = '{student}';"


def wrong_statements(owner: Connection, admin: Person) -> list[str]:
    """Of one school's database, in which the app itself has written everything during the last week."""
    calls = calls_of(owner, admin)
    right = {
        "summary": _summary(owner) == {(*key, *_by_kind(found)) for key, found in grouped(calls, "user_id").items()},
        "daily": _daily(owner) == {(*key, *_of_a_day(found)) for key, found in grouped(calls, "day", "type").items()},
        "errors": _errors(owner) == _failed(calls),
        # A slot may leave its minute between one look and the next.
        "limits": _limits_by_hand(owner) == _limits(owner) or _limits(owner) == _limits_by_hand(owner),
        "photo": _photos(owner),
    }
    return [f"the owner's statement of {name} is wrong" for name, is_right in right.items() if not is_right]


def _summary(owner: Connection) -> set[Any]:
    return {
        (row.user_id, row.total_chat_requests, row.total_image_requests, row.total_tokens, row.total_cost)
        for row in owner.exec_driver_sql(SUMMARY)
    }


def _by_kind(calls: list[Call]) -> tuple[Any, ...]:
    chats = sum(call.type == "chat" for call in calls)
    return chats, len(calls) - chats, sum_of(calls).tokens, known_cost(calls)


def _daily(owner: Connection) -> set[Any]:
    return {
        (row.date, row.type, row.request_count, row.total_tokens, row.total_cost)
        for row in owner.exec_driver_sql(DAILY)
    }


def _of_a_day(calls: list[Call]) -> tuple[Any, ...]:
    return len(calls), sum_of(calls).tokens, known_cost(calls)


def _errors(owner: Connection) -> list[Any]:
    return [row.created_at for row in owner.exec_driver_sql(ERRORS)]


def _failed(calls: list[Call]) -> list[Any]:
    return sorted((call.at for call in calls if call.error), reverse=True)[:10]


def _limits(owner: Connection) -> dict[Any, int]:
    return {(row.user_id, row.type): row.request_count for row in owner.exec_driver_sql(LIMITS)}


def _limits_by_hand(owner: Connection) -> dict[Any, int]:
    now = owner.exec_driver_sql("select now()").scalar_one()
    slots = owner.exec_driver_sql("select user_id, type, created_at from rate_limits").all()
    recent: list[Row[Any]] = [slot for slot in slots if slot.created_at > now - timedelta(minutes=1)]
    keys = [(slot.user_id, slot.type) for slot in recent]
    return {key: keys.count(key) for key in keys}


def _photos(owner: Connection) -> bool:
    """Each student shows their current photo, and nobody else has one."""
    current = owner.exec_driver_sql("select student_id, address from photos where is_current")
    shown = {row.student_id: row.address for row in current}
    students = owner.exec_driver_sql("select id from students").scalars().all()
    found = {one: owner.exec_driver_sql(PHOTO.format(student=one)).scalar_one() for one in students}
    return found == {one: shown.get(one) for one in students}
