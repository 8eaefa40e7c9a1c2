"""The difference between a school's roster and a file, as a plan; nothing is read or written here."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from core.errors import NotAllowed
from core.roster.importing.class_lists import ClassLists
from core.roster.importing.current import CurrentRoster
from core.roster.importing.linked_items import LinkedItems
from core.roster.importing.linked_staff import LinkedStaff
from core.roster.importing.links import Links
from core.roster.importing.neutral import LeftOut, NeutralRoster
from core.roster.importing.new_classes import missing_classes, new_classes
from core.roster.importing.plan import ImportPlan, Outcome, PlannedRow, Rights

_ADMINS_ONLY = "Only an admin may import this file. Ask an admin, or import a plain list into a class you teach."


def plan(
    current: CurrentRoster,
    incoming: NeutralRoster,
    *,
    may: Rights,
    today: date,
    into_class: UUID | None = None,
    new_id: Callable[[], UUID] = uuid4,
) -> ImportPlan:
    """As many rows as were read; `into_class` takes the rows of a class list that name no class.

    `incoming` belongs to one school (`only_school`, `each_school`); who is missing from it stays.
    Raises NotAllowed if a teacher imports anything but a class list.
    """
    require_right_to(incoming, is_admin=may.is_admin)
    missing = missing_classes(current, incoming) if incoming.is_class_list and may.is_admin else ()
    if incoming.is_class_list:
        made = new_classes(current, incoming, new_id) if missing and may.create_classes else {}
        rows = ClassLists(current, incoming, may, today, new_id, made).rows(into_class)
    else:
        rows = _whole_school(current, incoming, today, new_id)
    rows += [_left_out(row) for row in incoming.left_out]
    ordered = sorted(rows, key=lambda row: (row.source.file, row.source.row))
    return ImportPlan(
        incoming.format,
        tuple(ordered),
        unread_files=incoming.unread_files,
        unread_columns=incoming.unread_columns,
        missing_classes=missing,
    )


def require_right_to(incoming: NeutralRoster, *, is_admin: bool) -> None:
    """Raises NotAllowed; which classes and students a teacher may touch is told row by row."""
    if not (is_admin or incoming.is_class_list):
        raise NotAllowed(_ADMINS_ONLY)


def _whole_school(
    current: CurrentRoster, incoming: NeutralRoster, today: date, new_id: Callable[[], UUID]
) -> list[PlannedRow]:
    items = LinkedItems(current, incoming, new_id)
    schools = items.school_rows()
    class_rows, classes = items.class_rows()
    student_rows, students = items.student_rows()
    staff_rows, staff = LinkedStaff(current, incoming, new_id).rows()
    links = Links(current, incoming, classes, students, staff, today, new_id)
    link_rows = links.enrolment_rows() + links.class_staff_rows()
    return [*schools, *class_rows, *student_rows, *staff_rows, *link_rows]


def _left_out(row: LeftOut) -> PlannedRow:
    outcome = Outcome.REFUSED if row.is_refused else Outcome.IGNORED
    return PlannedRow(outcome, row.kind, row.source, row.name, row.problem, row.column, row.is_elsewhere)
