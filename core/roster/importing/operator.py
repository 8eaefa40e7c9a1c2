"""Imports as the operator's command starts them: every school of a file, each into a school of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Row, or_, select, text
from sqlalchemy.orm import Session

from core.db.engine import Database
from core.db.tables.people import School
from core.db.tables.usage import Import
from core.errors import ImportTargetUnclear
from core.roster.importing.current import CurrentRoster, folded
from core.roster.importing.diff import plan
from core.roster.importing.incoming import Incoming, as_json
from core.roster.importing.neutral import Kind, NeutralRoster
from core.roster.importing.neutral import School as FileSchool
from core.roster.importing.plan import ImportPlan, Rights
from core.roster.importing.schools import each_school, only_school
from core.roster.importing.service import today_in
from core.roster.importing.snapshot import hold_imports, read_current

_APPLY: Final = text("select private.apply_import_for(:school, null, cast(:import as jsonb))")
_UNDO: Final = text("select private.undo_import_for(:id, null)")
_ZONE_OF_A_NEW_SCHOOL: Final = ZoneInfo("Asia/Singapore")
_Here = Row[UUID, str, str | None, str]


@dataclass(frozen=True, slots=True)
class _Into:
    """Names as the command line says them, and whether to make classes that a list names and that are not here."""

    school: str | None
    class_name: str | None
    create_classes: bool


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """What is imported into one school, with the date there."""

    school_id: UUID
    today: date
    plan: ImportPlan


@dataclass(frozen=True, slots=True)
class AppliedToSchools:
    """`group_id` undoes the import in all its schools."""

    group_id: UUID
    plans: tuple[SchoolPlan, ...]


class OperatorImports:
    """Past row-level security, so for the operator's own commands alone."""

    def __init__(self, *, database: Database, today: Callable[[ZoneInfo], date] = today_in) -> None:
        self._database = database
        self._today = today

    def preview(
        self, incoming: Incoming, *, school: str | None, class_name: str | None, create_classes: bool = False
    ) -> tuple[SchoolPlan, ...]:
        """Saves nothing. Raises ImportTargetUnclear."""
        into = _Into(school, class_name, create_classes)
        with self._database.as_worker() as session:
            return self._plans(session, incoming, into)

    def apply(
        self, incoming: Incoming, *, school: str | None, class_name: str | None, create_classes: bool = False
    ) -> AppliedToSchools:
        """One transaction for all schools of the file."""
        into = _Into(school, class_name, create_classes)
        group_id = uuid4()
        with self._database.as_worker() as session:
            plans = self._plans(session, incoming, into)
            for part in plans:
                body = as_json(incoming, part.plan, group_id=group_id, today=part.today)
                session.execute(_APPLY, {"school": part.school_id, "import": body})
        return AppliedToSchools(group_id, plans)

    def undo(self, import_id: UUID) -> int:
        """In how many schools; `import_id` is of the whole import or of one school's part of it."""
        query = select(Import.id).where(or_(Import.group_id == import_id, Import.id == import_id))
        with self._database.as_worker() as session:
            parts = session.scalars(query.order_by(Import.created_at.desc())).all()
            for part in parts:
                session.execute(_UNDO, {"id": part})
        return len(parts)

    def _plans(self, session: Session, incoming: Incoming, into: _Into) -> tuple[SchoolPlan, ...]:
        here = list(session.execute(select(School.id, School.name, School.sourced_id, School.time_zone)))
        parts = each_school(_chosen(incoming.roster, into.school))
        return tuple(
            self._school_plan(session, roster, _target(here, found, into.school), into) for found, roster in parts
        )

    def _school_plan(self, session: Session, roster: NeutralRoster, target: _Here | None, into: _Into) -> SchoolPlan:
        if target is None:
            today = self._today(_ZONE_OF_A_NEW_SCHOOL)
            planned = plan(CurrentRoster(None), roster, may=Rights(is_admin=True), today=today)
            return SchoolPlan(_new_school(planned), today, planned)
        hold_imports(session, target.id)
        current, today = read_current(session, target.id), self._today(ZoneInfo(target.time_zone))
        may = Rights(is_admin=True, create_classes=into.create_classes)
        into_class = _class_called(current, into.class_name) if into.class_name else None
        planned = plan(current, roster, may=may, today=today, into_class=into_class)
        return SchoolPlan(target.id, today, planned)


def _chosen(roster: NeutralRoster, school: str | None) -> NeutralRoster:
    """The school of the file that is called so; a name that the file does not hold is where it goes."""
    named = [found for found, _ in each_school(roster) if found and folded(found.name) == folded(school or "")]
    return only_school(roster, named[0].sourced_id) if named else roster


def _target(here: list[_Here], found: FileSchool | None, school: str | None) -> _Here | None:
    """The school to import into, None for one that the file makes."""
    if school is not None and (called := [row for row in here if folded(row.name) == folded(school)]):
        return _one_of(called, school)
    if found is None:
        return _one_of(here if school is None else [], school, here)
    same_id = [row for row in here if row.sourced_id == found.sourced_id]
    same_name = [row for row in here if row.sourced_id is None and folded(row.name) == folded(found.name)]
    matching = same_id or same_name
    return _one_of(matching, found.name) if matching else None


def _one_of(rows: list[_Here], wanted: str | None, here: list[_Here] | None = None) -> _Here:
    if len(rows) == 1:
        return rows[0]
    raise ImportTargetUnclear("school", None if rows else wanted, sorted(row.name for row in here or rows))


def _new_school(planned: ImportPlan) -> UUID:
    made = [change.id for change in planned.changes if change.kind is Kind.SCHOOLS]
    if not made:
        raise ImportTargetUnclear("school", None, [])
    return made[0]


def _class_called(current: CurrentRoster, name: str) -> UUID:
    called = [here.id for here in current.classes if folded(here.name) == folded(name) and not here.is_archived]
    if len(called) != 1:
        known = sorted(here.name for here in current.classes if not here.is_archived)
        raise ImportTargetUnclear("class", name if not called else None, known)
    return called[0]
