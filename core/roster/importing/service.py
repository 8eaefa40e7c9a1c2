"""Imports as pages and commands start them for a person: preview, apply, undo."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.usage import Import
from core.errors import ImportOutOfDate, ImportTargetUnclear
from core.roster.importing.current import CurrentRoster
from core.roster.importing.diff import plan
from core.roster.importing.incoming import Incoming, as_json
from core.roster.importing.neutral import Kind
from core.roster.importing.plan import ImportPlan, Rights
from core.roster.importing.schools import only_school, schools_in
from core.roster.importing.snapshot import hold_imports, read_current

_APPLY = text("select private.apply_import(cast(:import as jsonb))")
_MADE = text(
    "select c.value ->> 'kind' as kind, count(*) as number from public.imports as i"
    " cross join lateral jsonb_array_elements(i.changes) as c"
    " where i.id = :id and c.value -> 'before' = 'null' group by 1"
)
_UNDO = text("select private.undo_import(:id)")


def today_in(zone: ZoneInfo) -> date:
    return datetime.now(zone).date()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose beside the file.

    Its school, if it has several, a class for rows that name none, and whether to make classes that are not here.
    """

    school: str | None = None
    into_class: UUID | None = None
    create_classes: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """An import that is saved; `import_id` undoes it."""

    import_id: UUID
    plan: ImportPlan


@dataclass(frozen=True, slots=True)
class LastImport:
    """What "Undo import" takes back."""

    import_id: UUID
    file_name: str
    applied_at: datetime
    made: Counter[Kind]


class Imports:
    """For one person and their own school at a time."""

    def __init__(self, *, database: Database, today: Callable[[ZoneInfo], date] = today_in) -> None:
        self._database = database
        self._today = today

    def preview(self, person: Person, incoming: Incoming, choice: Choice) -> ImportPlan:
        """Saves nothing. Raises NotAllowed where an admin is needed, ImportTargetUnclear without a school."""
        with self._database.as_person(person) as session:
            return self._plan(session, person, incoming, choice)

    def apply(self, person: Person, incoming: Incoming, choice: Choice, *, seen: str) -> Applied:
        """All of it or none; `seen` is the digest of the preview that the person agreed to.

        Raises ImportOutOfDate if the roster changed since, NotAllowed, or StudentElsewhere.
        """
        with self._database.as_person(person) as session:
            hold_imports(session, person.school_id)
            planned = self._plan(session, person, incoming, choice)
            if planned.digest != seen:
                raise ImportOutOfDate
            body = as_json(incoming, planned, group_id=uuid4(), today=self._today(person.zone))
            import_id = session.execute(_APPLY, {"import": body}).scalar_one()
            return Applied(UUID(str(import_id)), planned)

    def last(self, person: Person) -> LastImport | None:
        """The person's own latest import that was not undone, so that a reload still offers to."""
        own = select(Import).where(Import.staff_id == person.staff_id, Import.undone_at.is_(None))
        with self._database.as_person(person) as session:
            row = session.scalars(own.order_by(Import.created_at.desc()).limit(1)).one_or_none()
            return LastImport(row.id, row.file_name, row.created_at, _made(session, row.id)) if row else None

    def undo(self, person: Person, import_id: UUID) -> None:
        """Raises UndoNotPossible with what was built on it, or NotAllowed."""
        with self._database.as_person(person) as session:
            session.execute(_UNDO, {"id": import_id})

    def _plan(self, session: Session, person: Person, incoming: Incoming, choice: Choice) -> ImportPlan:
        schools = schools_in(incoming.roster)
        if len(schools) > 1 and choice.school not in {school.sourced_id for school in schools}:
            raise ImportTargetUnclear("school", choice.school, [school.name for school in schools])
        roster = only_school(incoming.roster, choice.school) if choice.school else incoming.roster
        current = read_current(session, person.school_id)
        may = replace(rights_of(person, current), create_classes=choice.create_classes)
        return plan(current, roster, may=may, today=self._today(person.zone), into_class=choice.into_class)


def _made(session: Session, import_id: UUID) -> Counter[Kind]:
    return Counter({Kind(row.kind): row.number for row in session.execute(_MADE, {"id": import_id})})


def rights_of(person: Person, current: CurrentRoster) -> Rights:
    taught = frozenset(here.class_id for here in current.class_staff if here.staff_id == person.staff_id)
    return Rights(is_admin=person.is_admin, class_ids=taught)
