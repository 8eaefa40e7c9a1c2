"""An import as a command asks for it: as the operator into any school, or as a member into their own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from core.accounts.person import Person
from core.bootstrap import App
from core.errors import ImportTargetUnclear, UnknownImport
from core.roster.importing.current import folded
from core.roster.importing.incoming import Incoming, incoming_from
from core.roster.importing.plan import ImportPlan
from core.roster.importing.schools import schools_in
from core.roster.importing.service import Choice
from core.roster.importing.uploads import uploads_at
from core.roster.views import ClassSummary


@dataclass(frozen=True)
class Wanted:
    """What the command line says."""

    path: Path
    school: str | None
    class_name: str | None
    as_email: str | None
    is_dry_run: bool
    create_classes: bool = False


@dataclass(frozen=True)
class Done:
    """A plan for each school; without an id nothing was saved: a dry run, or all of it was here already."""

    plans: tuple[ImportPlan, ...]
    import_id: UUID | None
    needs_class: bool = False


def carry_out(app: App, wanted: Wanted) -> Done:
    """Raises UnreadableFile, NotAllowed, StudentElsewhere, or ImportTargetUnclear with the candidates."""
    incoming = incoming_from(uploads_at(wanted.path))
    if wanted.as_email is None:
        done = _as_operator(app, incoming, wanted)
    else:
        done = _as_member(app, app.people.by_email(wanted.as_email), incoming, wanted)
    return replace(done, needs_class=incoming.roster.needs_class)


def take_back(app: App, import_id: UUID, as_email: str | None) -> int:
    """In how many schools. Raises UnknownImport, NotAllowed or UndoNotPossible."""
    if as_email is not None:
        app.imports.undo(app.people.by_email(as_email), import_id)
        return 1
    schools = app.operator_imports.undo(import_id)
    if schools == 0:
        raise UnknownImport
    return schools


def _as_operator(app: App, incoming: Incoming, wanted: Wanted) -> Done:
    imports, school, class_name, create = app.operator_imports, wanted.school, wanted.class_name, wanted.create_classes
    seen = imports.preview(incoming, school=school, class_name=class_name, create_classes=create)
    plans = tuple(part.plan for part in seen)
    if wanted.is_dry_run or not _changes_anything(plans):
        return Done(plans, None)
    applied = imports.apply(incoming, school=school, class_name=class_name, create_classes=create)
    return Done(tuple(part.plan for part in applied.plans), applied.group_id)


def _as_member(app: App, person: Person, incoming: Incoming, wanted: Wanted) -> Done:
    into_class = _class_called(app.roster.classes(person), wanted.class_name) if wanted.class_name else None
    school = _school_called(incoming, person, wanted.school) if wanted.school else None
    choice = Choice(school, into_class, wanted.create_classes)
    seen = app.imports.preview(person, incoming, choice)
    if wanted.is_dry_run or not _changes_anything([seen]):
        return Done((seen,), None)
    applied = app.imports.apply(person, incoming, choice, seen=seen.digest)
    return Done((applied.plan,), applied.import_id)


def _changes_anything(plans: Sequence[ImportPlan]) -> bool:
    return any(plan.changes for plan in plans)


def _class_called(classes: Sequence[ClassSummary], name: str) -> UUID:
    called = [one.id for one in classes if folded(one.name) == folded(name)]
    if len(called) != 1:
        raise ImportTargetUnclear("class", None if called else name, sorted(one.name for one in classes))
    return called[0]


def _school_called(incoming: Incoming, person: Person, name: str) -> str | None:
    """The file's school of this name; None for the member's own, where everything goes anyway."""
    schools = schools_in(incoming.roster)
    called = [school.sourced_id for school in schools if folded(school.name) == folded(name)]
    if len(called) == 1:
        return called[0]
    if folded(name) == folded(person.school_name):
        return None
    raise ImportTargetUnclear("school", None if called else name, [school.name for school in schools])
