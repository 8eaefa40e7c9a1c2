"""Which class each student of a class list goes into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.roster.importing.current import CurrentClass, CurrentRoster, CurrentStudent, folded
from core.roster.importing.neutral import ClassKind, NeutralRoster, Student
from core.roster.importing.plan import PlannedRow, Rights, refused


@dataclass(frozen=True, slots=True)
class Entry:
    """A student of the file with the class they go into and, once matched, who they are here."""

    student: Student
    target: CurrentClass
    here: CurrentStudent | None = None


def placed(
    current: CurrentRoster,
    roster: NeutralRoster,
    *,
    into_class: UUID | None,
    may: Rights,
    new_classes: Mapping[str, CurrentClass],
) -> tuple[list[Entry], list[PlannedRow]]:
    """A class named in the row counts more than the chosen one; `new_classes` are those that the import may make."""
    entries: list[Entry] = []
    out: list[PlannedRow] = []
    column = roster.headings.get("class_name")
    for student in roster.students:
        target = _target(current, student, into_class) or new_classes.get(folded(student.class_name or ""))
        if target is None:
            out.append(refused(student, _not_here(student, may), column))
            continue
        problem = target if isinstance(target, str) else _not_allowed(target, may)
        if problem is not None or isinstance(target, str):
            out.append(refused(student, problem or "", column))
        else:
            entries.append(Entry(student, target))
    return entries, out


def _target(current: CurrentRoster, student: Student, into_class: UUID | None) -> CurrentClass | str | None:
    """The class, or what is wrong; None for a name that no class here has."""
    if student.class_name is None:
        chosen = current.class_by_id.get(into_class) if into_class else None
        return chosen or "No class. Fill in the class, or choose the one this list is for."
    named = [here for here in current.classes if folded(here.name) == folded(student.class_name)]
    open_classes = _preferred([here for here in named if not here.is_archived], into_class)
    match open_classes:
        case [one]:
            return one
        case []:
            return None
        case _:
            return f"Several classes are called “{student.class_name}”. Leave it empty and choose the class."


def _not_here(student: Student, may: Rights) -> str:
    if may.is_admin:
        return f"“{student.class_name}” is not a class here. Correct it, or let this import create it."
    return f"“{student.class_name}” is not a class you teach. Correct it, or ask an admin."


def _preferred(classes: Sequence[CurrentClass], into_class: UUID | None) -> Sequence[CurrentClass]:
    """Of several with one name, the chosen one, else the only form class."""
    chosen = [here for here in classes if here.id == into_class]
    forms = [here for here in classes if here.kind is ClassKind.FORM]
    return chosen or (forms if len(forms) == 1 else classes)


def _not_allowed(target: CurrentClass, may: Rights) -> str | None:
    if may.is_admin or target.id in may.class_ids:
        return None
    return f"You don't teach {target.name}. Ask an admin to import this row."
