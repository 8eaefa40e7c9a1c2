"""What the page reads beside sums: limits now, portraits kept, names, choices, models that end, the invoice's days."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.errors import NotAllowed
from core.usage.report import Filters, LimitNow, Portraits, Report, Retiring, Series, Span
from core.usage.reports import UsageReports
from tests.cast import Cast, enrol, found_schools
from tests.integration.usage.borrowed import BorrowedDatabase
from tests.integration.usage.ledgers import NOW, Books

TODAY = Span(date(2026, 3, 12), date(2026, 3, 12))
MARCH = Span(date(2026, 3, 1), date(2026, 3, 12))


@pytest.fixture
def books(scratch: Connection) -> Books:
    return Books(scratch, found_schools(scratch))


@pytest.fixture
def cast(books: Books) -> Cast:
    return books.cast


@pytest.fixture
def reports(scratch: Connection) -> UsageReports:
    return UsageReports(database=BorrowedDatabase(scratch))


def seconds_ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def report(reports: UsageReports, person: Person, span: Span = TODAY, **filters: object) -> Report:
    return reports.report(person, Filters(span, **filters), NOW)  # type: ignore[arg-type]  # any of its fields


def test_a_limit_says_who_used_how_much_and_when_a_slot_is_free(
    books: Books, cast: Cast, reports: UsageReports
) -> None:
    for ago in (59, 30, 61):
        books.took_slot(cast.mei, "image", seconds_ago(ago))
    books.took_slot(cast.arjun, "chat", seconds_ago(10))
    books.took_slot(cast.ben, "chat", seconds_ago(10))
    meis = LimitNow("Mei Tan", Series.IMAGE, 2, 5, 60.0, seconds_ago(-1))

    assert report(reports, cast.siti).limits == (
        meis,
        LimitNow("Arjun Nair", Series.CHAT, 1, 10, 60.0, seconds_ago(-50)),
    )
    assert report(reports, cast.mei).limits == (meis,)


def test_where_a_limit_was_lowered_more_than_one_has_to_leave_first(
    books: Books, cast: Cast, reports: UsageReports
) -> None:
    for ago in (50, 40, 30, 20):
        books.took_slot(cast.mei, "image", seconds_ago(ago))
    books.run(
        "insert into limits (school_id, staff_id, type, at_most, per_seconds) values (:school, :mei, 'image', 2, 60)",
        school=cast.mei.school_id,
        mei=cast.mei.staff_id,
    )

    (limit,) = report(reports, cast.siti).limits

    assert (limit.used, limit.at_most, limit.free_at) == (4, 2, seconds_ago(-30))


def test_portraits_kept_are_those_of_the_span_that_are_shown_now(
    books: Books, cast: Cast, reports: UsageReports
) -> None:
    books.pictured(cast.ana, is_current=False)
    books.pictured(cast.ana)
    books.pictured(cast.bala, person=cast.arjun)
    books.called(type="image", error="moderation_blocked", cost="0")

    assert report(reports, cast.siti).portraits == Portraits(made=3, kept=2, success=0.75)
    assert report(reports, cast.mei).portraits == Portraits(made=2, kept=1, success=2 / 3)
    assert report(reports, cast.siti, staff_id=cast.arjun.staff_id).portraits == Portraits(1, 1, 1.0)
    assert report(reports, cast.siti, Span(date(2026, 3, 1), date(2026, 3, 11))).portraits == Portraits(0, 0, None)


def test_a_student_who_was_erased_leaves_what_their_portrait_cost(
    books: Books, cast: Cast, reports: UsageReports
) -> None:
    books.pictured(enrol(books.owner, cast.integrity, "Dan Ho"))
    for table in ("photos", "photo_jobs", "enrolments"):
        books.run(f"delete from {table} where student_id in (select id from students where full_name = 'Dan Ho')")
    books.run("delete from students where full_name = 'Dan Ho'")

    shown = report(reports, cast.siti)

    assert (shown.total.cost_usd, shown.photos) == (Decimal("0.01"), 1)
    assert shown.portraits == Portraits(made=1, kept=0, success=1.0)


def test_who_left_and_what_was_archived_keep_their_names(books: Books, cast: Cast, reports: UsageReports) -> None:
    books.called(cast.arjun, cost="0.03", class_id=cast.courage, error="no_answer")
    books.called(cost="0.02")
    books.called(user_id=None, class_id=cast.integrity)
    books.run("update staff set active = false where id = :id", id=cast.arjun.staff_id)
    books.run("update classes set archived_at = now() where id = :id", id=cast.courage)

    shown = report(reports, cast.siti)

    assert [one.name for one in shown.by_teacher] == ["Arjun Nair", "Mei Tan", "The operator"]
    assert [one.name for one in shown.by_class] == ["P4 Courage", "No class", "P5 Integrity"]
    assert [one.last_person for one in shown.last_failures] == ["Arjun Nair"]


def test_a_class_that_a_teacher_no_longer_has_is_a_former_one(books: Books, cast: Cast, reports: UsageReports) -> None:
    books.called(class_id=cast.integrity)
    books.run("delete from class_staff where staff_id = :mei", mei=cast.mei.staff_id)

    assert [one.name for one in report(reports, cast.mei).by_class] == ["A former class"]


def test_choices_are_the_schools_for_an_admin_and_a_teachers_own(
    books: Books, cast: Cast, reports: UsageReports
) -> None:
    books.called(class_id=cast.integrity, at=NOW - timedelta(days=400))
    books.called(cast.arjun, class_id=cast.courage, feature="portrait", model="gpt-image-2.5-flare")
    books.called(cast.ben, feature="lesson", model="elsewhere")

    school, own = reports.choices(cast.siti), reports.choices(cast.mei)

    assert [name for _, name in school.teachers] == ["Arjun Nair", "Devi Raj", "Mei Tan", "Siti Rahim"]
    assert [name for _, name in school.classes] == ["P4 Courage", "P5 Integrity"]
    assert (school.features, school.models) == (("portrait", "ptm"), ("gpt-6-luna", "gpt-image-2.5-flare"))
    assert (own.teachers, own.features, own.models) == ((), ("ptm",), ("gpt-6-luna",))
    assert own.classes == ((cast.integrity, "P5 Integrity"),)


def test_models_that_are_used_and_end_are_told_to_admins_with_their_day_and_successor(
    books: Books, cast: Cast, reports: UsageReports
) -> None:
    books.called(model="gpt-4o-mini")
    books.called(model="dall-e-3", at=NOW - timedelta(days=27))
    books.called(model="gpt-image-1", at=NOW - timedelta(days=30))
    books.called(model="gpt-6-luna")

    assert report(reports, cast.siti).retiring == (
        Retiring("dall-e-3", date(2026, 5, 12), "gpt-image-2.5-flare"),
        Retiring("gpt-4o-mini", date(2027, 1, 14), "gpt-6-luna"),
    )
    assert report(reports, cast.mei).retiring == ()


def test_the_invoice_has_an_evening_of_another_day(books: Books, cast: Cast, reports: UsageReports) -> None:
    """Seven in the morning of the 13th in Singapore is eleven at night of the 12th in UTC."""
    books.called(at=datetime(2026, 3, 12, 23, 0, tzinfo=UTC), cost="0.05")

    (booked,) = reports.booked(cast.siti, TODAY)

    assert (booked.day, booked.model, booked.sum.cost_usd) == (date(2026, 3, 12), "gpt-6-luna", Decimal("0.05"))
    assert report(reports, cast.siti).total.requests == 0
    assert reports.booked(cast.siti, Span(date(2026, 3, 13), date(2026, 3, 13))) == []


def test_only_an_admin_compares_with_the_invoice(cast: Cast, reports: UsageReports) -> None:
    with pytest.raises(NotAllowed, match="An admin compares"):
        reports.booked(cast.mei, TODAY)


def test_uncertain_costs_are_named_newest_first(books: Books, cast: Cast, reports: UsageReports) -> None:
    books.called(cost=None, at=seconds_ago(60))
    books.called(cast.arjun, cost_source="possible", cost="0.02", error="no_answer")
    books.called(user_id=None, cost_source="estimated", at=seconds_ago(30))
    books.called()

    rows = reports.uncertain(cast.siti, TODAY)

    assert [(one.person, one.source, one.cost_usd, one.error) for one in rows] == [
        ("Arjun Nair", "possible", Decimal("0.02"), "no_answer"),
        ("The operator", "estimated", Decimal("0.01"), None),
        ("Mei Tan", "unpriced", None, None),
    ]
    assert [one.person for one in reports.uncertain(cast.mei, TODAY)] == ["Mei Tan"]


def test_a_forecast_begins_with_the_first_use_and_needs_a_week(books: Books, cast: Cast, reports: UsageReports) -> None:
    for days in range(1, 7):
        books.called(at=NOW - timedelta(days=days), class_id=cast.integrity)
    assert report(reports, cast.siti).forecast is None

    books.called(at=NOW - timedelta(days=7))

    foreseen = report(reports, cast.siti).forecast
    assert foreseen is not None
    # Seven days of a cent, and 19 that are left.
    assert (foreseen.spent_usd, foreseen.expected_usd) == (Decimal("0.07"), Decimal("0.26"))
    assert (foreseen.month, foreseen.based_on_days) == (date(2026, 3, 1), 7)
    assert report(reports, cast.siti, class_id=cast.integrity).forecast is None
    assert report(reports, cast.arjun).forecast is None


def test_a_forecast_looks_back_four_weeks_at_most(books: Books, cast: Cast, reports: UsageReports) -> None:
    books.called(at=NOW - timedelta(days=90), cost="50")
    books.called(at=NOW - timedelta(days=1), cost="0")

    foreseen = report(reports, cast.mei).forecast

    assert foreseen is not None
    assert (foreseen.expected_usd, foreseen.based_on_days) == (Decimal(0), 28)


def test_a_forecast_from_unknown_costs_is_at_least_that(books: Books, cast: Cast, reports: UsageReports) -> None:
    books.called(at=NOW - timedelta(days=20))
    priced = report(reports, cast.siti).forecast
    books.called(at=NOW - timedelta(days=13), cost=None)
    unpriced = report(reports, cast.siti).forecast

    assert priced is not None
    assert unpriced is not None
    assert (priced.is_at_least, unpriced.is_at_least) == (False, True)


def test_views_name_classes_and_people_as_far_as_the_reader_may_see_them(
    books: Books, cast: Cast, scratch: Connection
) -> None:
    books.called(class_id=cast.integrity)
    books.called(class_id=cast.courage)
    books.called(cast.arjun)
    books.called(user_id=None)

    def names(person: Person, statement: str) -> set[str | None]:
        with BorrowedDatabase(scratch).as_person(person) as session:
            return set(session.scalars(text(statement)))

    classes, people = "select class_name from usage_by_class", "select teacher_name from openai_usage_summary"
    assert names(cast.siti, classes) == {"P5 Integrity", "P4 Courage", None}
    assert names(cast.mei, classes) == {"P5 Integrity", None}
    assert names(cast.siti, people) == {"Mei Tan", "Arjun Nair", None}
    assert names(cast.mei, people) == {"Mei Tan"}
    assert names(cast.ben, people) == set()


def test_the_view_of_portraits_counts_made_and_kept_by_day_and_style(
    books: Books, cast: Cast, scratch: Connection
) -> None:
    books.pictured(cast.ana, is_current=False)
    books.pictured(cast.ana)
    books.pictured(cast.bala, person=cast.arjun)

    def counted(person: Person) -> list[tuple[object, ...]]:
        with BorrowedDatabase(scratch).as_person(person) as session:
            return [tuple(row) for row in session.execute(text("select day, style, made, kept from usage_portraits"))]

    assert counted(cast.siti) == [(TODAY.first, "x", 3, 2)]
    assert counted(cast.mei) == [(TODAY.first, "x", 2, 1)]
    assert counted(cast.ben) == []


def test_one_call_of_one_teacher_is_a_whole_report(books: Books, cast: Cast, reports: UsageReports) -> None:
    books.called(cost=None, first_token_ms=400, class_id=cast.integrity)

    shown = report(reports, cast.siti)

    assert [day.day for day in shown.days] == [TODAY.first]
    assert (shown.total.requests, shown.total.is_at_least, shown.first_token_ms) == (1, True, 400)
    assert [one.name for one in shown.by_teacher] == ["Mei Tan"]
    assert [(hour.weekday, hour.hour) for hour in shown.hours] == [(3, 20)]
    assert shown.active_teachers == {date(2026, 3, 9): 1}
    assert shown.cost_per_message == {}


def test_a_school_that_used_nothing_has_an_empty_report(cast: Cast, reports: UsageReports) -> None:
    shown = report(reports, cast.siti, MARCH)

    assert len(shown.days) == 12
    assert (shown.total.requests, shown.forecast, shown.first_token_ms) == (0, None, None)
    assert (shown.by_teacher, shown.by_class, shown.hours, shown.failures, shown.limits) == ((), (), (), (), ())
    assert shown.portraits == Portraits(0, 0, None)


def test_answers_that_do_not_tell_their_first_token_do_not_count_for_its_mean(
    books: Books, cast: Cast, reports: UsageReports
) -> None:
    for milliseconds in (300, 501, None):
        books.called(first_token_ms=milliseconds)

    assert report(reports, cast.siti).first_token_ms == 400
