"""The difference between what is here and what the file says, as values and in words."""

from collections.abc import Mapping
from typing import Final

from core.roster.importing.neutral import Student
from core.roster.importing.plan import Value

SAME: Final = "Same as before"

_LABELS: Final[Mapping[str, str]] = {
    "full_name": "Name",
    "name": "Name",
    "preferred_name": "Preferred name",
    "gender": "Gender",
    "birth_year": "Birth year",
    "level": "Level",
    "subject": "Subject",
    "sourced_id": "Id",
    "status": "Status",
    "email": "E-mail",
    "index_no": "Index number",
}


def student_values(item: Student) -> dict[str, Value]:
    return {
        "full_name": item.full_name,
        "sourced_id": item.sourced_id,
        "name_to_check": item.name_to_check,
        "preferred_name": item.preferred_name,
        "gender": item.gender,
        "birth_year": item.birth_year,
        "level": item.level,
    }


def differences(here: object, wanted: Mapping[str, Value]) -> dict[str, tuple[Value, Value]]:
    """Column: (before, after). What the file does not say (None) stays as it is."""
    pairs = {column: (getattr(here, column), value) for column, value in wanted.items() if value is not None}
    return {column: pair for column, pair in pairs.items() if pair[0] != pair[1]}


def before_of(found: Mapping[str, tuple[Value, Value]]) -> dict[str, Value]:
    return {column: before for column, (before, _) in found.items()}


def after_of(found: Mapping[str, tuple[Value, Value]]) -> dict[str, Value]:
    return {column: after for column, (_, after) in found.items()}


def sentence_of(found: Mapping[str, tuple[Value, Value]]) -> str:
    parts = [
        f"{_LABELS[column]}: {_shown(before)} → {_shown(after)}"
        for column, (before, after) in found.items()
        if column in _LABELS
    ]
    return "; ".join(parts) or "Name checked"


def _shown(value: Value) -> str:
    return "none" if value is None else str(value)
