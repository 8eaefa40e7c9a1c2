"""Everything on the Usage page, for one person at a time."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import NotAllowed
from core.usage.reading.activity import active_teachers
from core.usage.reading.bills import UncertainCost, booked, uncertain
from core.usage.reading.books import with_books
from core.usage.reading.budget_of import budget_of
from core.usage.reading.choices import Choices, choices_of
from core.usage.reading.days import days_before, days_of
from core.usage.reading.failures import failures, last_failures
from core.usage.reading.forecast import forecast
from core.usage.reading.hours import hours_of
from core.usage.reading.now import limits_now, portraits, retiring
from core.usage.reading.scope import Scope, scope_of
from core.usage.reading.slices import by_teacher, keyed
from core.usage.report import Booked, Filters, Report, Span


class UsageReports:
    """A school's usage for an admin, their own for a teacher; the days are the school's."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def report(self, person: Person, filters: Filters, now: datetime) -> Report:
        """Raises NotAllowed for a teacher who asks for somebody else's."""
        scope = scope_of(person, filters)
        with self._database.as_person(person) as session:
            return _of_one_state(session, scope, lambda books: _report(session, person, books, filters, now))

    def booked(self, person: Person, span: Span) -> list[Booked]:
        """The school's ledger by UTC day and model; raises NotAllowed for a teacher."""
        if not person.is_admin:
            raise NotAllowed("An admin compares the school's usage with the invoice.")
        with self._database.as_person(person) as session:
            return booked(session, with_books(session, scope_of(person, Filters(span))))

    def uncertain(self, person: Person, span: Span) -> list[UncertainCost]:
        """What the bill may differ by: rows of these UTC days whose cost the provider did not report."""
        with self._database.as_person(person) as session:
            return uncertain(session, scope_of(person, Filters(span)))

    def choices(self, person: Person) -> Choices:
        """What `Filters` may name."""
        with self._database.as_person(person) as session:
            return choices_of(session, person)


def _of_one_state(session: Session, scope: Scope, read: Callable[[Scope], Report]) -> Report:
    """Once more if a day was closed meanwhile, since a month's rollup would count it and the open days, too."""
    known = with_books(session, scope)
    report = read(known)
    while (newer := with_books(session, scope)) != known:
        known, report = newer, read(newer)
    return report


def _report(session: Session, person: Person, scope: Scope, filters: Filters, now: datetime) -> Report:
    today = now.astimezone(person.zone).date()
    days, earlier, slices = days_of(session, scope), days_before(session, scope), keyed(session, scope)
    foreseen = forecast(session, scope, today)
    return Report(
        filters=filters,
        is_school=person.is_admin,
        total=days.total,
        before=earlier.total,
        photos=days.photos,
        photos_before=earlier.photos,
        forecast=foreseen,
        days=days.by_series(),
        by_teacher=by_teacher(session, scope) if person.is_admin else (),
        by_class=slices.by_class,
        by_feature=slices.by_feature,
        by_model=slices.by_model,
        hours=hours_of(session, scope),
        cost_per_photo=days.cost_per_photo(),
        cost_per_message=days.cost_per_message(),
        first_token_ms=days.first_token_ms,
        failures=failures(session, scope),
        last_failures=last_failures(session, scope),
        limits=limits_now(session, scope, now),
        portraits=portraits(session, scope, days),
        active_teachers=active_teachers(session, scope) if person.is_admin else {},
        retiring=retiring(session, scope, today) if person.is_admin else (),
        budget=budget_of(session, person, filters, foreseen, today),
    )
