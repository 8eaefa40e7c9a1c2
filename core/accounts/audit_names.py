"""Who and what a line of the audit log is about, by the ids in it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.db.tables.people import Guardian, SchoolClass, Staff, Student

Fields = Mapping[str, Any] | None

# What stands before the id in `object`: a function's own word, or a table's name.
_KINDS = {
    "student": "student",
    "students": "student",
    "staff": "staff",
    "class": "class",
    "classes": "class",
    "guardians": "guardian",
}
_KEYS = {"student_id": "student", "class_id": "class", "staff_id": "staff", "guardian_id": "guardian"}


def object_of(text: str) -> tuple[str, UUID | None]:
    """The kind and the id out of "student 1f0c…" or "results/1f0c…"."""
    kind, _, rest = text.replace("/", " ", 1).partition(" ")
    return kind, as_id(rest)


def as_id(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def subjects(text: str, before: Fields, after: Fields, names: Mapping[UUID, str]) -> dict[str, str]:
    """The names of the student, member, class and guardian that a line is about, as far as they are known."""
    row = after or before or {}
    known = ((word, as_id(row.get(key))) for key, word in _KEYS.items())
    found = {word: names[one] for word, one in known if one is not None and one in names}
    kind, one = object_of(text)
    word = _KINDS.get(kind)
    if word is not None:
        own = names.get(one) if one else None
        # Whatever was taken out again is known by what the line says of it.
        name = own or row.get("full_name") or row.get("name")
        found |= {word: str(name)} if name else {}
    return found


def ids_in(text: str, *fields: Fields) -> Iterator[UUID]:
    """Everything in a line that may be somebody's id."""
    _, own = object_of(text)
    values = [value for row in fields if row for key, value in row.items() if key.endswith(("_id", "_by"))]
    yield from (one for one in (own, *map(as_id, values)) if one is not None)


def names_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of students, members, classes and guardians, as far as the reader may read them."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    statements: list[Select[UUID, str]] = [
        select(Staff.id, Staff.full_name).where(Staff.id.in_(wanted)),
        select(Student.id, Student.full_name).where(Student.id.in_(wanted)),
        select(SchoolClass.id, SchoolClass.name).where(SchoolClass.id.in_(wanted)),
        select(Guardian.id, Guardian.full_name).where(Guardian.id.in_(wanted)),
    ]
    return {row[0]: row[1] for statement in statements for row in session.execute(statement)}
