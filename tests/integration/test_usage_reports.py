"""The page's report, the views and a plain recount say the same, to the last digit, whatever happened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.usage.report import Filters, Series, Slice, Span, Sum
from core.usage.reports import UsageReports
from tests.cast import Cast

# Half a world and half an hour apart, one with summer time that begins in the span.
ZONES = ("Asia/Singapore", "Asia/Kolkata", "America/New_York", "Pacific/Auckland")
WIDE = Span(date(2026, 2, 23), date(2026, 3, 17))
SPANS = (WIDE, Span(date(2026, 3, 4), date(2026, 3, 12)), Span(date(2026, 3, 8), date(2026, 3, 8)))
NOW = datetime(2026, 3, 17, 12, 0, tzinfo=UTC)
SOURCES = {"reported": "0.0004", "estimated": "0.0003000001", "possible": "0.05", "unpriced": None}

calls = st.fixed_dictionaries(
    {
        "person": st.sampled_from(["mei", "arjun", "operator"]),
        "class": st.sampled_from(["integrity", "courage", None]),
        "type": st.sampled_from(["chat", "image", "batch_image"]),
        "feature": st.sampled_from(["ptm", "portrait"]),
        "model": st.sampled_from(["gpt-6-luna", "gpt-image-2.5-flare"]),
        "error": st.sampled_from([None, None, "no_answer", "cut_off"]),
        "source": st.sampled_from(sorted(SOURCES)),
        "tokens": st.one_of(st.none(), st.integers(0, 10**9)),
        "first_token_ms": st.one_of(st.none(), st.integers(0, 10**6)),
        # Dense around midnights, wide enough for weeks and months to change.
        "at": st.one_of(
            st.datetimes(datetime(2026, 2, 24), datetime(2026, 3, 16), timezones=st.just(UTC)),  # noqa: DTZ001
            st.datetimes(datetime(2026, 3, 7, 10), datetime(2026, 3, 8, 20), timezones=st.just(UTC)),  # noqa: DTZ001
        ),
        "corrected": st.booleans(),
    }
)
_INSERT = text(
    """
    insert into openai_usage (
        school_id, user_id, class_id, type, feature, model, error, cost_source, estimated_cost, total_tokens,
        first_token_ms, created_at, state
    )
    values (
        :school, :user, :class, :type, :feature, :model, :error, :source, :cost, :tokens, :first_token_ms, :at,
        'settled'
    )
    returning id
    """
)
_CORRECT = text(
    "update openai_usage set cost_source = 'reported', estimated_cost = 0.0131700001, error = null, total_tokens = 7"
    " where id = :id"
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(story=st.lists(calls, max_size=30), zone=st.sampled_from(ZONES))
def test_report_views_and_recount_agree(
    database: Database, owner: Connection, cast: Cast, story: list[dict[str, Any]], zone: str
) -> None:
    _forget_all(owner)
    owner.execute(text("update schools set time_zone = :zone"), {"zone": zone})
    for call in story:
        _write(owner, cast, call)
    reports = UsageReports(database=database)

    for person in (replace(cast.siti, time_zone=zone), replace(cast.mei, time_zone=zone)):
        for filters in _filters(cast):
            if person.is_admin or filters.staff_id is None:
                _assert_all_agree(reports, owner, person, filters)
        assert _by_day_in_views(database, person) == _by_day_in_ledger(owner, person)


def _filters(cast: Cast) -> Iterator[Filters]:
    yield from map(Filters, SPANS)
    yield Filters(WIDE, staff_id=cast.mei.staff_id)
    yield Filters(WIDE, class_id=cast.integrity)
    yield Filters(WIDE, feature="ptm")
    yield Filters(WIDE, model="gpt-6-luna")
    yield Filters(WIDE, class_id=cast.integrity, feature="portrait")
    yield Filters(WIDE, feature="portrait", model="gpt-6-luna")
    yield Filters(WIDE, staff_id=cast.mei.staff_id, class_id=cast.courage, model="gpt-image-2.5-flare")


def _assert_all_agree(reports: UsageReports, owner: Connection, person: Person, filters: Filters) -> None:
    rows = _rows(owner, person, filters)
    report = reports.report(person, filters, NOW)

    assert report.total == _sum(rows)
    assert {day.day: day.by_series for day in report.days} == {
        day: {one: _sum([r for r in rows if (r.day, r.type) == (day, one)]) for one in Series}
        for day in _days(filters.span)
    }
    assert _as_map(report.by_class) == _grouped(rows, "class_id")
    assert _as_map(report.by_feature) == _grouped(rows, "feature")
    assert _as_map(report.by_model) == _grouped(rows, "model")
    if person.is_admin:
        assert _as_map(report.by_teacher) == _grouped(rows, "user_id")
        assert dict(report.active_teachers) == _active(rows)
    assert {(hour.weekday, hour.hour): hour.requests for hour in report.hours} == _hours(rows)
    assert report.photos == sum(r.type != "chat" and r.error is None for r in rows)
    assert {(one.code, one.series): (one.count, one.last_at) for one in report.failures} == _failed(rows)
    assert [one.last_at for one in report.last_failures] == sorted(r.created_at for r in rows if r.error)[::-1][:10]
    told = [r.first_token_ms for r in rows if r.first_token_ms is not None]
    assert report.first_token_ms == (round(sum(told) / len(told)) if told else None)


def _rows(owner: Connection, person: Person, filters: Filters) -> list[Any]:
    """Settled rows that the person may see, with their day and hour as Postgres itself says."""
    every = owner.execute(
        text(
            "select u.*, (u.created_at at time zone s.time_zone)::date as day,"
            " extract(hour from u.created_at at time zone s.time_zone)::integer as hour"
            " from openai_usage as u inner join schools as s on s.id = u.school_id"
            " where u.school_id = :school and (:admin or u.user_id = :me)"
        ),
        {"school": person.school_id, "admin": person.is_admin, "me": person.staff_id},
    ).all()
    wanted = {
        "user_id": filters.staff_id,
        "class_id": filters.class_id,
        "feature": filters.feature,
        "model": filters.model,
    }
    return [
        row
        for row in every
        if filters.span.first <= row.day <= filters.span.last
        and all(value is None or getattr(row, name) == value for name, value in wanted.items())
    ]


def _sum(rows: list[Any]) -> Sum:
    def cost_of(*sources: str) -> Decimal:
        return sum((r.estimated_cost for r in rows if r.cost_source in sources), Decimal(0))

    return Sum(
        requests=len(rows),
        errors=sum(r.error is not None for r in rows),
        tokens=sum(r.total_tokens or 0 for r in rows),
        cost_usd=cost_of("reported", "estimated", "possible"),
        unpriced=sum(r.cost_source == "unpriced" for r in rows),
        possible_usd=cost_of("possible"),
        estimated_usd=cost_of("estimated"),
    )


def _grouped(rows: list[Any], key: str) -> dict[object, Sum]:
    keys = {getattr(r, key) for r in rows}
    return {value: _sum([r for r in rows if getattr(r, key) == value]) for value in keys}


def _as_map(slices: tuple[Slice, ...]) -> dict[object, Sum]:
    return {one.key: one.sum for one in slices}


def _hours(rows: list[Any]) -> dict[tuple[int, int], int]:
    cells = [(r.day.weekday(), r.hour) for r in rows]
    return {cell: cells.count(cell) for cell in cells}


def _active(rows: list[Any]) -> dict[date, int]:
    weeks = {(r.day - timedelta(days=r.day.weekday()), r.user_id) for r in rows if r.user_id}
    return {week: sum(one == week for one, _ in weeks) for week, _ in weeks}


def _failed(rows: list[Any]) -> dict[tuple[str, str], tuple[int, datetime]]:
    kinds = {(r.error, r.type) for r in rows if r.error}
    found = {kind: [r.created_at for r in rows if (r.error, r.type) == kind] for kind in kinds}
    return {kind: (len(moments), max(moments)) for kind, moments in found.items()}


def _days(span: Span) -> list[date]:
    return [span.first + timedelta(days=n) for n in range(span.days)]


def _by_day_in_views(database: Database, person: Person) -> list[set[Any]]:
    counted = "requests, errors, tokens, coalesce(cost, 0), unpriced, possible_cost, estimated_cost"
    with database.as_person(person) as session:
        return [
            set(map(tuple, session.execute(text(statement))))
            for statement in (
                f"select day, class_id, type, {counted} from usage_by_class",
                f"select day, feature, {counted} from usage_by_feature",
                f"select day, model, type, {counted} from usage_by_model",
                "select day, hour, weekday, requests from usage_by_hour",
                "select day, error, type, requests from usage_errors",
                "select week, teachers from usage_active_teachers where teachers > 0",
            )
        ]


def _by_day_in_ledger(owner: Connection, person: Person) -> list[set[Any]]:
    counted = (
        "count(*), count(error), coalesce(sum(total_tokens), 0), coalesce(sum(estimated_cost), 0),"
        " count(*) filter (where cost_source = 'unpriced'),"
        " coalesce(sum(estimated_cost) filter (where cost_source = 'possible'), 0),"
        " coalesce(sum(estimated_cost) filter (where cost_source = 'estimated'), 0)"
    )
    local = "created_at at time zone time_zone"
    rows = (
        f"(select u.*, ({local})::date as day, extract(hour from {local})::integer as hour, time_zone"
        " from openai_usage as u inner join (select id as school, time_zone from schools) as s"
        " on s.school = u.school_id where u.school_id = :school and (:admin or u.user_id = :me)) as rows"
    ).replace("created_at", "u.created_at")
    values = {"school": person.school_id, "admin": person.is_admin, "me": person.staff_id}
    return [
        set(map(tuple, owner.execute(text(statement), values)))
        for statement in (
            f"select day, class_id, type, {counted} from {rows} group by 1, 2, 3",
            f"select day, feature, {counted} from {rows} group by 1, 2",
            f"select day, model, type, {counted} from {rows} group by 1, 2, 3",
            f"select day, hour, extract(isodow from day)::integer, count(*) from {rows} group by 1, 2, 3",
            f"select day, error, type, count(*) from {rows} where error is not null group by 1, 2, 3",
            (
                f"select date_trunc('week', day)::date, count(distinct user_id) from {rows}"
                " where user_id is not null group by 1"
            ),
        )
    ]


def _write(owner: Connection, cast: Cast, call: dict[str, Any]) -> None:
    row = owner.scalar(
        _INSERT,
        {
            **call,
            "school": cast.mei.school_id,
            "user": None if call["person"] == "operator" else getattr(cast, call["person"]).staff_id,
            "class": call["class"] and getattr(cast, call["class"]),
            "cost": SOURCES[call["source"]],
        },
    )
    if call["corrected"] and call["source"] in {"possible", "unpriced"}:
        owner.execute(_CORRECT, {"id": row})


def _forget_all(owner: Connection) -> None:
    owner.execute(text("alter table openai_usage disable trigger user"))
    owner.execute(text("delete from openai_usage"))
    owner.execute(text("alter table openai_usage enable trigger user"))
    for table in ("usage_daily", "usage_daily_detail", "usage_weekly", "usage_hourly"):
        owner.execute(text(f"delete from {table}"))
