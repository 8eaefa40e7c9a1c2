"""Rollups beside a recount of the ledger itself, key by key, to the last digit."""

from sqlalchemy import TextClause, text

_LOCAL = "u.created_at at time zone 'Asia/Singapore'"
_KEYS = {
    "day": f"({_LOCAL})::date",
    "hour": f"date_part('hour', {_LOCAL})",
    "utc_day": "(u.created_at at time zone 'UTC')::date",
    "month": f"date_trunc('month', {_LOCAL})::date",
}
ROLLUPS = {
    "usage_daily": ("day", "user_id", "feature", "type", "model"),
    "usage_daily_detail": ("day", "class_id", "feature", "type", "model", "error"),
    "usage_hourly": ("day", "hour", "utc_day", "feature", "type", "model"),
    "usage_monthly": ("month", "user_id", "class_id"),
    "usage_monthly_detail": ("month", "user_id", "class_id", "feature", "model"),
}
"""By what each has one row; all but the first are of closed days alone."""


def recount(rollup: str) -> TextClause:
    """How many of its rows are not as the ledger has it, and the other way round."""
    keys = ROLLUPS[rollup]
    until = "'infinity'" if rollup == "usage_daily" else "(select closed_until from usage_books)"
    return text(
        f"""
        with kept as (
            select {", ".join(keys)}, requests, tokens, cost, unpriced, possible_cost, estimated_cost, photos
            from {rollup} where requests > 0
        ),
        counted as (
            select
                {", ".join(f"{_KEYS.get(key, 'u.' + key)} as {key}" for key in keys)},
                count(*) as requests,
                coalesce(sum(u.total_tokens), 0) as tokens,
                coalesce(sum(u.estimated_cost), 0) as cost,
                count(*) filter (where u.cost_source = 'unpriced') as unpriced,
                coalesce(sum(u.estimated_cost) filter (where u.cost_source = 'possible'), 0) as possible_cost,
                coalesce(sum(u.estimated_cost) filter (where u.cost_source = 'estimated'), 0) as estimated_cost,
                count(*) filter (where u.type <> 'chat' and u.error is null) as photos
            from openai_usage as u
            where u.state = 'settled' and u.created_at < {until}
            group by {", ".join(map(str, range(1, len(keys) + 1)))}
        )
        select
            (select count(*) from (select * from kept except select * from counted) as more)
            + (select count(*) from (select * from counted except select * from kept) as less)
        """  # noqa: S608 - our own tables
    )
