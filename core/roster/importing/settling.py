"""Rows that carry ids, planned one by one: new, changed or the same, and what their ids stand for then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from core.roster.importing.current import CurrentClass, CurrentStaff, CurrentStudent
from core.roster.importing.differences import SAME, after_of, before_of, differences, sentence_of
from core.roster.importing.neutral import Kind, NeutralRoster, SchoolClass, StaffMember, Student
from core.roster.importing.plan import Change, Outcome, PlannedRow, Value, contradicted, repeated
from core.roster.importing.register import Missing, Register, Target

Item = TypeVar("Item", SchoolClass, Student, StaffMember)
Settled = tuple[PlannedRow, Target | Missing]


def settled(
    items: Sequence[Item], kind: Kind, *, roster: NeutralRoster, register: Register, settle: Callable[[Item], Settled]
) -> list[PlannedRow]:
    """`settle` is asked once for an id: what stands twice is left out. Fills the register."""
    rows: list[PlannedRow] = []
    first: dict[str, Item] = {}
    for item in items:
        key = item.sourced_id or ""
        earlier = first.setdefault(key, item)
        if earlier is not item:
            rows.append(_again(item, earlier, kind, roster.headings.get("sourced_id")))
            continue
        row, target = settle(item)
        rows.append(row)
        register.enter(key, target)
    register.enter_left_out(roster.left_out, kind)
    return rows


def updated(
    kind: Kind,
    here: CurrentClass | CurrentStudent | CurrentStaff,
    item: SchoolClass | Student | StaffMember,
    wanted: Mapping[str, Value],
) -> PlannedRow:
    found = differences(here, wanted)
    if not found:
        return PlannedRow(Outcome.UNCHANGED, kind, item.source, name_of(item), SAME)
    change = Change(kind, here.id, after_of(found), before_of(found))
    return PlannedRow(Outcome.CHANGED, kind, item.source, name_of(item), sentence_of(found), changes=(change,))


def known_name(item: Student | StaffMember, here: CurrentStudent | CurrentStaff) -> dict[str, Value]:
    """What keeps a user name from replacing a name that someone has written."""
    keeps = item.name_to_check and not here.name_to_check
    return {"full_name": None, "name_to_check": None} if keeps else {}


def flag(item: Student | StaffMember) -> str:
    return ". No name in the file; the user name stands in and is flagged" if item.name_to_check else ""


def name_of(item: SchoolClass | Student | StaffMember) -> str:
    return item.name if isinstance(item, SchoolClass) else item.full_name


def _again(item: Item, earlier: Item, kind: Kind, column: str | None) -> PlannedRow:
    if replace(item, source=earlier.source) == earlier:
        return repeated(kind, item.source, name_of(item), earlier.source)
    return contradicted(kind, item.source, name_of(item), earlier.source, column=column)
