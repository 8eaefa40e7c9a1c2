"""Whose usage is read, and of which days."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column

from core.accounts.person import Person, Role
from core.errors import NotAllowed
from core.usage.reading.scope import Books, Scope, before, loose_days, scope_of, whole_months
from core.usage.report import Filters, Span

SPAN = Span(date(2026, 3, 2), date(2026, 3, 15))
MEI, COLLEAGUE = uuid4(), uuid4()
spans = st.builds(
    lambda first, days: Span(first, first + timedelta(days=days)),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.integers(0, 400),
)


def person(role: Role) -> Person:
    return Person(MEI, uuid4(), "Mei Tan", role, "North Primary", "Asia/Singapore", is_demo=False)


def days_of(span: Span) -> list[date]:
    return [span.first + timedelta(days=n) for n in range(span.days)]


def test_a_teacher_who_asks_for_a_colleagues_usage_is_refused() -> None:
    with pytest.raises(NotAllowed, match="You see what you used yourself"):
        scope_of(person(Role.TEACHER), Filters(SPAN, staff_id=COLLEAGUE))


@pytest.mark.parametrize("staff_id", [None, MEI])
def test_a_teachers_scope_is_always_their_own(staff_id: None) -> None:
    assert scope_of(person(Role.TEACHER), Filters(SPAN, staff_id=staff_id)).staff_id == MEI


@pytest.mark.parametrize("staff_id", [None, COLLEAGUE])
def test_an_admin_sees_everyone_or_whom_they_name(staff_id: None) -> None:
    assert scope_of(person(Role.ADMIN), Filters(SPAN, staff_id=staff_id)).staff_id == staff_id


@given(spans)
def test_the_days_before_are_as_many_and_end_where_it_begins(span: Span) -> None:
    earlier = before(span)

    assert (earlier.days, earlier.last) == (span.days, span.first - timedelta(days=1))


@given(spans, st.integers(0, 40))
def test_whole_months_and_loose_days_are_each_day_once(span: Span, open_days: int) -> None:
    closed_until = span.last + timedelta(days=open_days)
    months = whole_months(span, closed_until)
    sides = [*loose_days(span, months), *([months] if months else [])]

    assert sorted(day for side in sides for day in days_of(side)) == days_of(span)
    if months is not None:
        assert months.first.day == 1
        assert months.last == closed_until or (months.last + timedelta(days=1)).day == 1
    assert all(side.days < 31 for side in sides if side is not months) or months is None


def test_only_days_whose_end_has_passed_are_closed() -> None:
    books = Books(datetime(2026, 3, 8, 16, tzinfo=UTC), date(2026, 3, 8))
    scope = Scope(uuid4(), person(Role.ADMIN).zone, SPAN, books=books)

    assert (scope.closed_days, scope.is_closed) == (Span(SPAN.first, date(2026, 3, 8)), False)
    assert scope.over(Span(date(2026, 3, 8), date(2026, 3, 8))).is_closed
    assert scope.over(Span(date(2026, 3, 9), date(2026, 3, 9))).closed_days is None


@pytest.mark.parametrize(
    ("zone", "starts", "ends"),
    [
        ("Asia/Singapore", "2026-03-07T16:00", "2026-03-08T16:00"),
        # Half an hour off, and 23 hours long.
        ("America/St_Johns", "2026-03-08T03:30", "2026-03-09T02:30"),
        # Its midnight does not come: the day begins at one.
        ("America/Havana", "2026-03-08T05:00", "2026-03-09T04:00"),
        ("UTC", "2026-03-08T00:00", "2026-03-09T00:00"),
    ],
)
def test_a_day_is_as_long_as_the_schools_clocks_make_it(zone: str, starts: str, ends: str) -> None:
    school = Person(MEI, uuid4(), "Siti", Role.ADMIN, "North Primary", zone, is_demo=False)
    day = Span(date(2026, 3, 8), date(2026, 3, 8))

    first, last = scope_of(school, Filters(day)).moments(column("at"), day)

    bounds = [one.right.value.astimezone(UTC) for one in (first, last)]
    assert bounds == [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (starts, ends)]


def test_a_scope_without_filters_is_the_whole_span() -> None:
    scope = Scope(uuid4(), person(Role.ADMIN).zone, SPAN)

    assert not scope.is_filtered
