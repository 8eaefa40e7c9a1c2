"""The page's report, every view, the invoice's side and a plain recount say the same, to the last digit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.usage.reads import Usage
from core.usage.report import Filters, Report, Series, Span
from core.usage.reports import UsageReports
from tests.cast import Cast, found_schools
from tests.integration.usage.borrowed import BorrowedDatabase, forgotten
from tests.integration.usage.recount import (
    Call,
    calls_of,
    days_in,
    grouped,
    known_cost,
    per_piece,
    sum_of,
    sums,
    within,
)
from tests.integration.usage.recounted_views import BOTH, NOT_COUNTED, VIEWS, differing
from tests.integration.usage.stories import Story, stories, tell

SPANS = ((-13, 9), (-4, 4), (0, 0), (-6, 0))
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"staff": "mei"},
    {"class": "integrity"},
    {"feature": "ptm"},
    {"model": "gpt-6-luna"},
    {"class": "integrity", "feature": "portrait"},
    {"feature": "portrait", "model": "gpt-6-luna"},
    {"staff": "mei", "class": "integrity", "model": "gpt-image-2.5-flare"},
)

Look = tuple[tuple[int, int], dict[str, str]]
looks = st.tuples(st.sampled_from(SPANS), st.sampled_from(FILTERS))


@pytest.fixture
def cast(scratch: Connection) -> Cast:
    return found_schools(scratch)


# Shrinking would look for a nicer example for minutes.
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(story=stories, of_school=st.lists(looks, min_size=2, max_size=2), own=looks)
def test_report_views_invoice_and_recount_agree(
    scratch: Connection, cast: Cast, story: Story, of_school: list[Look], own: Look
) -> None:
    readers: list[tuple[Person, Sequence[Look]]] = [
        (replace(cast.siti, time_zone=story.north), of_school),
        (replace(cast.mei, time_zone=story.north), [own]),
        (replace(cast.ben, time_zone=story.south), [(SPANS[0], {})]),
    ]
    with forgotten(scratch):
        tell(scratch, cast, story)
        for person, wanted in readers:
            _assert_agreement(scratch, cast, story, person, wanted)


def _assert_agreement(scratch: Connection, cast: Cast, story: Story, person: Person, wanted: Sequence[Look]) -> None:
    database, calls = BorrowedDatabase(scratch), calls_of(scratch, person)
    reports, now = UsageReports(database=database), _now(story, person)
    for span, named in wanted:
        filters = _filters(cast, story.span(*span), named)
        _assert_report(reports.report(person, filters, now), person, calls)
    _assert_views(database, person, calls)
    _assert_bills(reports, person, story.wide, calls)
    _assert_month(Usage(database=database), person, now, calls)


def _now(story: Story, person: Person) -> datetime:
    """Noon of the last day that has calls."""
    return datetime.combine(story.wide.last, time(12), ZoneInfo(person.time_zone))


def _filters(cast: Cast, span: Span, named: dict[str, str]) -> Filters:
    return Filters(
        span,
        staff_id=cast.mei.staff_id if "staff" in named else None,
        class_id=cast.integrity if "class" in named else None,
        feature=named.get("feature"),
        model=named.get("model"),
    )


def _assert_report(report: Report, person: Person, every: Sequence[Call]) -> None:
    calls, filters = within(every, report.filters), report.filters
    first, count = filters.span.first, filters.span.days
    earlier = within(every, replace(filters, span=Span(first - timedelta(days=count), first - timedelta(days=1))))
    by_day = sums(calls, "day", "type")
    images = [call for call in calls if call.type != "chat"]

    assert report.total == sum_of(calls)
    assert report.before == sum_of(earlier)
    assert (report.photos, report.photos_before) == (
        sum(call.is_photo for call in calls),
        sum(call.is_photo for call in earlier),
    )
    assert [(one.day, one.by_series) for one in report.days] == [
        (day, {series: by_day.get((day, series), sum_of([])) for series in Series}) for day in days_in(filters.span)
    ]
    assert {one.key: one.sum for one in report.by_class} == sums(calls, "class_id")
    assert {one.key: one.sum for one in report.by_feature} == sums(calls, "feature")
    assert {one.key: one.sum for one in report.by_model} == sums(calls, "model")
    assert {one.key: one.sum for one in report.by_teacher} == (sums(calls, "user_id") if person.is_admin else {})
    assert {(one.weekday, one.hour): one.requests for one in report.hours} == {
        key: len(found) for key, found in _by_weekday_and_hour(calls).items()
    }
    assert report.cost_per_photo == per_piece(images, lambda call: call.is_photo)
    assert report.cost_per_message == per_piece(
        [call for call in calls if call.type == "chat"], lambda call: call.error is None
    )
    _assert_failures(report, calls)
    _assert_people(report, person, calls, images)


def _assert_failures(report: Report, calls: Sequence[Call]) -> None:
    failed = [call for call in calls if call.error]
    told = [call.first_token_ms for call in calls if call.first_token_ms is not None]

    assert {(one.code, one.series): (one.count, one.last_at, one.cost_usd) for one in report.failures} == {
        key: (len(found), max(call.at for call in found), known_cost(found))
        for key, found in grouped(failed, "error", "type").items()
    }
    assert [one.last_at for one in report.last_failures] == sorted((call.at for call in failed), reverse=True)[:10]
    assert report.first_token_ms == (round(sum(told) / len(told)) if told else None)


def _assert_people(report: Report, person: Person, calls: Sequence[Call], images: Sequence[Call]) -> None:
    weeks = grouped([call for call in calls if call.user_id], "week")

    assert dict(report.active_teachers) == (
        {week: len({call.user_id for call in found}) for (week,), found in weeks.items()} if person.is_admin else {}
    )
    assert report.portraits is not None
    assert report.portraits.made == report.photos
    assert report.portraits.success == (report.photos / len(images) if images else None)


def _assert_views(database: BorrowedDatabase, person: Person, calls: Sequence[Call]) -> None:
    with database.as_person(person) as session:
        assert differing(session, calls, list(BOTH if person.is_admin else VIEWS)) == []


def _assert_bills(reports: UsageReports, person: Person, span: Span, calls: Sequence[Call]) -> None:
    """By days of UTC, as an invoice has them."""
    billed = [call for call in calls if span.first <= call.utc_day <= span.last]
    unsure = [call for call in billed if call.source != "reported"]

    if person.is_admin:
        assert {(one.day, one.model): one.sum for one in reports.booked(person, span)} == sums(
            billed, "utc_day", "model"
        )
    assert {(one.id, one.at, one.cost_usd, one.source) for one in reports.uncertain(person, span)} == {
        (call.id, call.at, call.cost, call.source) for call in unsure
    }


def _assert_month(usage: Usage, person: Person, now: datetime, every: Sequence[Call]) -> None:
    today = now.date()
    month = usage.month(person, now)
    calls = within(every, Filters(Span(today.replace(day=1), today)))

    assert month.cost_usd == (known_cost(calls) if calls else Decimal(0))
    assert month.is_at_least == any(call.source == "unpriced" for call in calls)
    assert list(month.by_day) == [
        sum_of([call for call in calls if call.day == day]).cost_usd
        for day in days_in(Span(today.replace(day=1), today))
    ]
    begun = [call for call in every if call.local >= datetime.combine(today.replace(day=1), time(), now.tzinfo)]
    assert (month.photos, month.answers, month.unconfirmed) == (
        sum(call.is_photo for call in begun),
        sum(call.type == "chat" and call.error is None for call in begun),
        sum(call.source == "possible" for call in begun),
    )


def _by_weekday_and_hour(calls: Sequence[Call]) -> dict[Any, list[Call]]:
    found: dict[Any, list[Call]] = {}
    for call in calls:
        found.setdefault((call.day.weekday(), call.hour), []).append(call)
    return found


def test_every_view_is_counted_here(scratch: Connection) -> None:
    named = "viewname like '%usage%' or viewname like 'openai%'"
    found = scratch.scalars(text(f"select viewname from pg_views where schemaname = 'public' and ({named})"))

    assert set(found) == {*VIEWS, *NOT_COUNTED}
