"""The ledger changes in three ways only, and its rollup always equals a plain recount."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.cast import Cast, found_schools
from tests.integration.db.records import record_everything

STATES: dict[str, dict[str, Any]] = {
    "reserved": {"state": "reserved", "cost_source": None, "estimated_cost": None},
    "released": {"state": "released", "cost_source": None, "estimated_cost": None},
    "reported": {"state": "settled", "cost_source": "reported", "estimated_cost": Decimal("0.04")},
    "estimated": {"state": "settled", "cost_source": "estimated", "estimated_cost": Decimal("0.03")},
    "possible": {"state": "settled", "cost_source": "possible", "estimated_cost": Decimal("0.05")},
    "unpriced": {"state": "settled", "cost_source": "unpriced", "estimated_cost": None},
}
ALLOWED = {("reserved", state) for state in STATES} | {("possible", "reported"), ("unpriced", "reported")}
_INSERT = text("""
    insert into openai_usage
    (school_id, user_id, type, model, feature, state, cost_source, estimated_cost, error, total_tokens, created_at)
    values (:school, :user, :type, :model, 'portrait', :state, :cost_source, :estimated_cost, :error, :tokens, :at)
    returning id
""")
_SETTLE = text(
    "update openai_usage set state = :state, cost_source = :cost_source, estimated_cost = :estimated_cost,"
    " error = :error, total_tokens = :tokens where id = :id"
)


def _attempt(cast: Cast, state: str, **values: object) -> dict[str, Any]:
    return {
        "school": cast.mei.school_id,
        "user": cast.mei.staff_id,
        "type": "image",
        "model": "gpt-image",
        "error": None,
        "tokens": 100,
        "at": datetime(2026, 3, 2, 4, 0, tzinfo=UTC),
        **STATES[state],
        **values,
    }


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_only_the_allowed_changes_are_taken(scratch: Connection, before: str, after: str) -> None:
    cast = found_schools(scratch)
    row = scratch.scalar(_INSERT, _attempt(cast, before))

    change = {**_attempt(cast, after), "id": row}

    if (before, after) in ALLOWED:
        scratch.execute(_SETTLE, change)
        assert scratch.scalar(text("select state from openai_usage")) == STATES[after]["state"]
    else:
        with pytest.raises(DBAPIError, match="ledger row does not change"):
            scratch.execute(_SETTLE, change)


@pytest.mark.parametrize(
    "change",
    ["id = gen_random_uuid()", "user_id = null", "type = 'chat'", "attempt = 2", "job_id = id", "created_at = now()"],
)
def test_an_attempt_never_becomes_someone_else_s(scratch: Connection, change: str) -> None:
    scratch.execute(_INSERT, _attempt(found_schools(scratch), "reserved"))

    with pytest.raises(DBAPIError, match="whose attempt"):
        scratch.execute(text(f"update openai_usage set {change}"))


@pytest.mark.parametrize(
    ("cost_source", "estimated_cost"), [("unpriced", 0), ("reported", None), ("possible", None), (None, 1)]
)
def test_an_unknown_cost_is_never_a_number(
    scratch: Connection, cost_source: str | None, estimated_cost: int | None
) -> None:
    with pytest.raises(DBAPIError, match="check constraint"):
        scratch.execute(
            _INSERT,
            _attempt(found_schools(scratch), "reported", cost_source=cost_source, estimated_cost=estimated_cost),
        )


# What may happen to the ledger: a batch of new attempts, or one change of an earlier attempt.
attempts = st.fixed_dictionaries(
    {
        "state": st.sampled_from(sorted(STATES)),
        "person": st.sampled_from(["mei", "arjun", "operator"]),
        "type": st.sampled_from(["chat", "image", "batch_image"]),
        "error": st.sampled_from([None, "no_answer"]),
        "tokens": st.one_of(st.none(), st.integers(0, 5000)),
        # On both sides of midnight in Singapore.
        "at": st.datetimes(datetime(2026, 3, 1, 15, 0), datetime(2026, 3, 1, 17, 0), timezones=st.just(UTC)),  # noqa: DTZ001
    }
)
steps = st.lists(
    st.one_of(st.lists(attempts, min_size=1, max_size=4), st.tuples(st.integers(0, 20), attempts)), max_size=12
)

_RECOUNT = """
    select u.school_id, (u.created_at at time zone s.time_zone)::date as day, u.user_id, u.type, u.model,
        count(*) as requests, count(u.error) as errors, coalesce(sum(u.total_tokens), 0) as tokens,
        coalesce(sum(u.estimated_cost), 0) as cost,
        count(*) filter (where u.cost_source = 'unpriced') as unpriced, max(u.created_at) as last_request_at
    from openai_usage as u inner join schools as s on s.id = u.school_id
    where u.state = 'settled' group by 1, 2, 3, 4, 5
"""
_ROLLUP = """
    select school_id, day, user_id, type, model, requests, errors, tokens, cost, unpriced, last_request_at
    from usage_daily
"""


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(story=steps)
def test_the_rollup_equals_a_recount_after_any_story(owner: Connection, cast: Cast, story: list[Any]) -> None:
    owner.execute(text("alter table openai_usage disable trigger user"))
    owner.execute(text("delete from openai_usage"))
    owner.execute(text("alter table openai_usage enable trigger user"))
    owner.execute(text("delete from usage_daily"))
    made: list[tuple[str, object]] = []

    for step in story:
        if isinstance(step, list):
            made += _insert_at_once(owner, cast, step)
        elif made:
            _change_if_allowed(owner, cast, made, step)

    assert set(owner.execute(text(_ROLLUP))) == set(owner.execute(text(_RECOUNT)))


def _values(cast: Cast, drawn: dict[str, Any]) -> dict[str, Any]:
    person = drawn["person"]
    user = None if person == "operator" else getattr(cast, person).staff_id
    rest = {name: drawn[name] for name in ("type", "error", "tokens", "at")}
    return _attempt(cast, drawn["state"], user=user, **rest)


def _insert_at_once(owner: Connection, cast: Cast, batch: list[dict[str, Any]]) -> list[tuple[str, object]]:
    """One statement, so that the rollup sees several rows of a key at a time."""
    columns = (
        "school_id, user_id, type, model, feature, state, cost_source, estimated_cost, error, total_tokens, created_at"
    )
    rows = [
        f"(:school{i}, cast(:user{i} as uuid), :type{i}, :model{i}, 'portrait', :state{i}, :cost_source{i},"
        f" cast(:estimated_cost{i} as numeric), :error{i}, cast(:tokens{i} as integer), :at{i})"
        for i in range(len(batch))
    ]
    values = {f"{name}{i}": value for i, drawn in enumerate(batch) for name, value in _values(cast, drawn).items()}
    ids = owner.scalars(text(f"insert into openai_usage ({columns}) values {', '.join(rows)} returning id"), values)
    return list(zip([drawn["state"] for drawn in batch], ids, strict=True))


def _change_if_allowed(
    owner: Connection, cast: Cast, made: list[tuple[str, object]], step: tuple[int, dict[str, Any]]
) -> None:
    place, drawn = step[0] % len(made), step[1]
    before, row = made[place]
    if (before, drawn["state"]) in ALLOWED:
        owner.execute(_SETTLE, {**_values(cast, drawn), "id": row})
        made[place] = (drawn["state"], row)


RECENT = (
    "SELECT user_id, type, COUNT(*) as request_count, MAX(created_at) as last_request FROM rate_limits"
    " WHERE created_at > NOW() - INTERVAL '1 minute' GROUP BY user_id, type;"
)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM openai_usage_summary;",
        "SELECT * FROM openai_daily_stats WHERE date >= CURRENT_DATE - INTERVAL '7 days';",
        "SELECT * FROM openai_usage WHERE error IS NOT NULL ORDER BY created_at DESC LIMIT 10;",
        RECENT,
        "SELECT profile_photo FROM students WHERE id = '{ana}';",
    ],
    ids=["summary", "daily", "errors", "limits", "photo"],
)
def test_the_owner_s_own_statements_run_as_they_are(owner: Connection, cast: Cast, statement: str) -> None:
    record_everything(owner, cast)
    owner.execute(_INSERT, _attempt(cast, "reported", error="no_answer", at=datetime.now(UTC) - timedelta(days=2)))

    assert len(owner.exec_driver_sql(statement.format(ana=cast.ana)).all()) == 1


def test_the_views_have_the_columns_that_were_asked_for(owner: Connection) -> None:
    summary = owner.execute(text("select * from openai_usage_summary")).keys()
    daily = owner.execute(text("select * from openai_daily_stats")).keys()

    assert list(summary) == [
        "user_id", "teacher_name", "total_chat_requests", "total_image_requests", "total_tokens", "total_chat_tokens",
        "total_cost", "last_request_at", "unpriced_requests",
    ]  # fmt: skip
    assert list(daily) == [
        "date", "type", "request_count", "total_tokens", "total_cost", "avg_cost_per_request", "unpriced_requests",
    ]  # fmt: skip
