"""What of the audit log is asked for, as a query that stays fast over a hundred thousand lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from core.accounts.audit_words import WORDS, Topic, action_in_general
from core.accounts.person import Person
from core.db.tables.people import Guardian, SchoolClass, Staff, Student
from core.db.tables.usage import AuditEntry

MOST_NAMED = 200
_PART_OF_AN_ID = re.compile(r"[0-9a-f-]{6,36}")


@dataclass(frozen=True, kw_only=True)
class AuditSearch:
    """What is asked for; `by_operator` is nobody's staff id."""

    staff_id: UUID | None = None
    by_operator: bool = False
    action: str | None = None
    topic: Topic | None = None
    text: str = ""
    first: date | None = None
    last: date | None = None


def found(session: Session, person: Person, search: AuditSearch) -> Select[Any]:
    entry = AuditEntry
    return select(entry.id).where(
        entry.school_id == person.school_id,
        *_by_whom(search),
        *_in_days(search, person),
        *([entry.action == search.action] if search.action else []),
        *([_of_topic(search.topic)] if search.topic else []),
        *([_with_text(session, person, text)] if (text := search.text.strip()) else []),
    )


def _by_whom(search: AuditSearch) -> list[ColumnElement[bool]]:
    if search.by_operator:
        return [AuditEntry.actor_id.is_(None)]
    return [AuditEntry.actor_id == search.staff_id] if search.staff_id else []


def _in_days(search: AuditSearch, person: Person) -> list[ColumnElement[bool]]:
    """Both days belong to it, as the school counts them."""
    found: list[ColumnElement[bool]] = []
    if search.first is not None:
        found.append(AuditEntry.created_at >= datetime.combine(search.first, time.min, person.zone))
    if search.last is not None:
        after = search.last + timedelta(days=1)
        found.append(AuditEntry.created_at < datetime.combine(after, time.min, person.zone))
    return found


def _of_topic(topic: Topic) -> ColumnElement[bool]:
    known = [action for action, words in WORDS.items() if words.topic is topic]
    if topic is Topic.SETTINGS:
        return or_(AuditEntry.action.in_(known), AuditEntry.action.not_in(list(WORDS)))
    return AuditEntry.action.in_(known)


def _with_text(session: Session, person: Person, text: str) -> ColumnElement[bool]:
    """In what was done, by whom, or about whom."""
    wanted = text.lower()
    actions = [action for action in WORDS if wanted in f"{action} {action_in_general(action)}".lower()]
    staff, students, classes, guardians = (
        session.scalars(
            select(table.id)
            .where(table.school_id == person.school_id, name.icontains(text, autoescape=True))
            .limit(MOST_NAMED)
        ).all()
        for table, name in (
            (Staff, Staff.full_name),
            (Student, Student.full_name),
            (SchoolClass, SchoolClass.name),
            (Guardian, Guardian.full_name),
        )
    )
    entry = AuditEntry
    return or_(
        entry.action.in_(actions),
        entry.object.contains(wanted) if _PART_OF_AN_ID.fullmatch(wanted) else false(),
        entry.actor_id.in_(staff) if staff else false(),
        _about({"student": students, "class": classes, "staff": staff, "guardian": guardians}),
    )


def _about(ids: dict[str, Sequence[UUID]]) -> ColumnElement[bool]:
    tables = {"student": "students", "class": "classes", "staff": "staff", "guardian": "guardians"}
    named = [
        object_
        for kind, found in ids.items()
        for one in found
        for object_ in (f"{kind} {one}", f"{tables[kind]}/{one}")
    ]
    row = func.coalesce(AuditEntry.after, AuditEntry.before)
    parts = [row[f"{kind}_id"].astext.in_([str(one) for one in found]) for kind, found in ids.items() if found]
    return or_(AuditEntry.object.in_(named), *parts) if named else false()
