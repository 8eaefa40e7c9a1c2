"""Budgets: what a reader's are at this moment, and how admins set them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import or_, select, text

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables import budgets as tables
from core.db.tables.people import SchoolClass, Staff
from core.errors import BudgetGone, BudgetRefused
from core.usage.budget import LEAST_USD, MOST_USD, BudgetNow, BudgetOf, Holder, Kept
from core.usage.reading import budgets as reading
from core.usage.reading.books import with_books
from core.usage.reading.budget_forecasts import with_forecasts
from core.usage.reading.scope import scope_of
from core.usage.report import Filters, Span

_SET = text("select private.set_budget(:class_id, :staff_id, :month, :amount, :hard)")
_LEFT_IN_SCHOOLS = text("select private.left_in_schools_budget()")
_REMOVE = text("select private.remove_budget(:budget)")
MONTHS_AHEAD = 12


@dataclass(frozen=True)
class Budgets:
    """What someone sees of them on other pages; nothing where none is set."""

    database: Database

    def gauge(self, person: Person, now: datetime) -> BudgetNow | None:
        """A person's own; for an admin the school's, or else their own."""
        found = self._read(person, now, or_(*_own_or_schools(person)))
        return found[0] if found else None

    def for_class(self, person: Person, class_id: UUID, now: datetime) -> tuple[BudgetNow, ...]:
        """All that a call for this class counts to, as far as the person may see them."""
        return self._read(person, now, or_(*_own_or_schools(person), tables.Budget.class_id == class_id))

    def left_in_schools(self, person: Person) -> Decimal | None:
        """Of a hard one of the school's, for those who don't see it: what a refusal would tell them."""
        if person.is_admin:
            return None
        with self.database.as_person(person) as session:
            left: Decimal | None = session.scalar(_LEFT_IN_SCHOOLS)
        return left

    def beyond(self, person: Person, now: datetime) -> tuple[BudgetNow, ...]:
        """For an admin those that passed the mark of a banner; nothing for anyone else."""
        if not person.is_admin:
            return ()
        with self.database.as_person(person) as session:
            return reading.warned(session, month_of(person, now))

    def _read(self, person: Person, now: datetime, condition: reading.Condition) -> tuple[BudgetNow, ...]:
        with self.database.as_person(person) as session:
            return reading.in_force(session, month_of(person, now), condition)


@dataclass(frozen=True)
class BudgetKeeping:
    """For admins; the database refuses whoever is none."""

    database: Database

    def all(self, person: Person, now: datetime) -> tuple[Kept, ...]:
        """The school's, then classes and people by name; without forecasts."""
        with self.database.as_person(person) as session:
            return reading.kept(session, month_of(person, now))

    def foreseen(self, person: Person, kept: Sequence[Kept], now: datetime) -> list[Kept]:
        """These with forecasts; as many as stand on one page, since each needs a month of days."""
        today = now.astimezone(person.zone).date()
        holding = [one.now for one in kept if one.now is not None]
        with self.database.as_person(person) as session:
            scope = with_books(session, scope_of(person, Filters(Span(today, today))))
            found = {one.budget.id: one for one in with_forecasts(session, scope, holding, today)}
        return [replace(one, now=found[one.now.budget.id]) if one.now else one for one in kept]

    def holders(self, person: Person) -> tuple[Holder, ...]:
        """Whom one may be set for: the school, its classes of today, its members."""
        classes = select(SchoolClass.id, SchoolClass.name).where(SchoolClass.archived_at.is_(None))
        people = select(Staff.id, Staff.full_name).where(Staff.active)
        with self.database.as_person(person) as session:
            return (
                Holder(BudgetOf.SCHOOL, None, person.school_name),
                *(Holder(BudgetOf.CLASS, *row) for row in session.execute(classes.order_by(SchoolClass.name))),
                *(Holder(BudgetOf.PERSON, *row) for row in session.execute(people.order_by(Staff.full_name))),
            )

    def set(
        self,
        person: Person,
        holders: Sequence[Holder],
        *,
        amount_usd: Decimal,
        hard: bool,
        month: date | None,
        now: datetime,
    ) -> None:
        """For each of them, in place of what was set for the same month; all or none. Raises BudgetRefused."""
        _check(holders, self.holders(person), amount_usd, month, month_of(person, now))
        with self.database.as_person(person) as session:
            # In one order, so that two admins never wait for each other.
            for holder in sorted(holders, key=lambda one: str(one.id)):
                session.execute(_SET, {**_key(holder), "month": month, "amount": amount_usd, "hard": hard})

    def remove(self, person: Person, budget_id: UUID) -> None:
        """Raises BudgetGone."""
        with self.database.as_person(person) as session:
            if not session.scalar(_REMOVE, {"budget": budget_id}):
                raise BudgetGone


def month_of(person: Person, now: datetime) -> date:
    """The 1st of the school's month."""
    return now.astimezone(person.zone).date().replace(day=1)


def months_from(first: date) -> list[date]:
    """Those that may get a budget of their own."""
    found = [first]
    while len(found) <= MONTHS_AHEAD:
        last = found[-1]
        found.append(date(last.year + last.month // 12, last.month % 12 + 1, 1))
    return found


def _own_or_schools(person: Person) -> list[reading.Condition]:
    own = tables.Budget.staff_id == person.staff_id
    return [reading.OF_SCHOOL, own] if person.is_admin else [own]


def _check(
    holders: Sequence[Holder], known: Iterable[Holder], amount_usd: Decimal, month: date | None, first: date
) -> None:
    if not holders:
        raise BudgetRefused("Choose whom the budget is for.")
    ids = {(one.of, one.id) for one in known}
    if any((one.of, one.id) not in ids for one in holders) or len({one.of for one in holders}) > 1:
        raise BudgetRefused("One of them is no class or person of this school any more. Look at the list again.")
    if not amount_usd.is_finite() or not LEAST_USD <= amount_usd <= MOST_USD or amount_usd != round(amount_usd, 2):
        raise BudgetRefused
    if month is not None and month not in months_from(first):
        raise BudgetRefused("A budget of its own can be set for this month and the twelve after it.")


def _key(holder: Holder) -> dict[str, UUID | None]:
    return {
        "class_id": holder.id if holder.of is BudgetOf.CLASS else None,
        "staff_id": holder.id if holder.of is BudgetOf.PERSON else None,
    }
