"""A model of the database for plans: what the roster is after one was carried out."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.roster.importing.current import (
    CurrentClass,
    CurrentClassStaff,
    CurrentEnrolment,
    CurrentRoster,
    CurrentSchool,
    CurrentStaff,
    CurrentStudent,
)
from core.roster.importing.diff import plan
from core.roster.importing.neutral import ClassKind, Kind, NeutralRoster
from core.roster.importing.plan import Change, ImportPlan, Rights
from core.roster.importing.recognition import read_roster
from core.roster.importing.uploads import Upload

TODAY = date(2026, 11, 23)
_ROW_TYPES: Mapping[Kind, tuple[str, type[Any]]] = {
    Kind.CLASSES: ("classes", CurrentClass),
    Kind.STUDENTS: ("students", CurrentStudent),
    Kind.STAFF: ("staff", CurrentStaff),
    Kind.ENROLMENTS: ("enrolments", CurrentEnrolment),
    Kind.CLASS_STAFF: ("class_staff", CurrentClassStaff),
}


def _applied(current: CurrentRoster, change: Change) -> CurrentRoster:
    if change.kind is Kind.SCHOOLS:
        school = CurrentSchool(change.id, str(change.after["name"]), str(change.after["sourced_id"]))
        return replace(current, school=school)
    name, row_type = _ROW_TYPES[change.kind]
    rows = {row.id: row for row in getattr(current, name)}
    known = {field.name for field in fields(row_type)}
    values: dict[str, Any] = {column: value for column, value in change.after.items() if column in known}
    if "kind" in values:
        values["kind"] = ClassKind(values["kind"])
    if change.before is None:
        assert change.id not in rows
        rows[change.id] = row_type(id=change.id, **values)
    else:
        here = rows[change.id]
        assert all(getattr(here, column) == value for column, value in change.before.items() if column in known)
        rows[change.id] = replace(here, **values)
    if change.after.get("to_date"):
        del rows[change.id]
    changed: dict[str, Any] = {name: tuple(rows.values())}
    return replace(current, **changed)


@pytest.fixture
def apply_to() -> Callable[[CurrentRoster, ImportPlan], CurrentRoster]:
    def apply(current: CurrentRoster, planned: ImportPlan) -> CurrentRoster:
        for change in planned.changes:
            current = _applied(current, change)
        return current

    return apply


@pytest.fixture
def read() -> Callable[..., NeutralRoster]:
    """Of CSV text, as one file."""

    def read_text(text: str, name: str = "list.csv") -> NeutralRoster:
        return read_roster([Upload(name, text.encode())])

    return read_text


@pytest.fixture
def admin_plan() -> Callable[..., ImportPlan]:
    def planned(current: CurrentRoster, incoming: NeutralRoster, **options: Any) -> ImportPlan:
        return plan(current, incoming, may=Rights(is_admin=True), today=TODAY, **options)

    return planned


@pytest.fixture
def sds_samples() -> Path:
    return Path(__file__).parents[2] / "data" / "microsoft-sds" / "SDS Format"
