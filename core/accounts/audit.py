"""The audit log as an admin reads it: newest first, by who, what, about whom and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from core.accounts.audit_names import Fields, ids_in, names_of, subjects
from core.accounts.audit_words import SOMEBODY, WORDS, Topic, action_in_general, wording
from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import SchoolClass, Staff, Student
from core.db.tables.usage import AuditEntry

A_PAGE = 50
# Further back than this a search has to be narrower, which bounds what the last page costs.
MOST = 10_000
MOST_NAMED = 200
OPERATOR = "the operator"


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


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """One thing that was done; `names` has those of the ids in it that the reader may read."""

    id: UUID
    happened_at: datetime
    actor: str
    action: str
    object: str
    before: Fields
    after: Fields
    names: dict[UUID, str]

    @property
    def sentence(self) -> str:
        about = subjects(self.object, self.before, self.after, self.names)
        return wording(self.action).sentence.format_map({**SOMEBODY, **about})


@dataclass(frozen=True)
class AuditPage:
    """`count` ends at MOST, and then `is_more` says that older ones are left out."""

    lines: list[AuditLine]
    count: int
    is_more: bool


@dataclass(frozen=True)
class AuditChoices:
    """Who and what the log knows of, to choose from."""

    staff: list[tuple[UUID, str]]
    actions: list[str]


class Audit:
    """For admins alone; the database shows the log to nobody else."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def page(self, person: Person, search: AuditSearch, number: int = 1) -> AuditPage:
        """The page of this number, counted from 1."""
        first = max(0, number - 1) * A_PAGE
        with self._database.as_person(person) as session:
            found = _found(session, person, search)
            count = session.scalar(select(func.count()).select_from(found.limit(MOST + 1).subquery())) or 0
            lines = _lines(session, found, min(first, MOST - A_PAGE), A_PAGE)
        return AuditPage(lines, min(count, MOST), is_more=count > MOST)

    def everything(self, person: Person, search: AuditSearch) -> list[AuditLine]:
        """All pages in one, for a file."""
        with self._database.as_person(person) as session:
            return _lines(session, _found(session, person, search), 0, MOST)

    def choices(self, person: Person) -> AuditChoices:
        with self._database.as_person(person) as session:
            staff = session.execute(
                select(Staff.id, Staff.full_name).where(Staff.school_id == person.school_id).order_by(Staff.full_name)
            )
            return AuditChoices([(row.id, row.full_name) for row in staff], list(WORDS))


def _found(session: Session, person: Person, search: AuditSearch) -> Select[Any]:
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
    actions = [action for action in WORDS if text.lower() in action_in_general(action).lower()]
    staff, students, classes = (
        session.scalars(
            select(table.id)
            .where(table.school_id == person.school_id, name.icontains(text, autoescape=True))
            .limit(MOST_NAMED)
        ).all()
        for table, name in (
            (Staff, Staff.full_name),
            (Student, Student.full_name),
            (SchoolClass, SchoolClass.name),
        )
    )
    entry = AuditEntry
    return or_(
        entry.action.in_(actions),
        entry.action.icontains(text, autoescape=True),
        entry.object.icontains(text, autoescape=True),
        entry.actor_id.in_(staff) if staff else false(),
        _about({"student": students, "class": classes, "staff": staff}),
    )


def _about(ids: dict[str, Sequence[UUID]]) -> ColumnElement[bool]:
    tables = {"student": "students", "class": "classes", "staff": "staff"}
    named = [
        object_
        for kind, found in ids.items()
        for one in found
        for object_ in (f"{kind} {one}", f"{tables[kind]}/{one}")
    ]
    row = func.coalesce(AuditEntry.after, AuditEntry.before)
    parts = [row[f"{kind}_id"].astext.in_([str(one) for one in found]) for kind, found in ids.items() if found]
    return or_(AuditEntry.object.in_(named), *parts) if named else false()


def _lines(session: Session, found: Select[Any], offset: int, limit: int) -> list[AuditLine]:
    entry = AuditEntry
    rows = session.execute(
        found.with_only_columns(
            entry.id, entry.created_at, entry.actor_id, entry.action, entry.object, entry.before, entry.after
        )
        .order_by(entry.created_at.desc(), entry.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    actors = (row.actor_id for row in rows if row.actor_id)
    names = names_of(session, [*actors, *(one for row in rows for one in ids_in(row.object, row.before, row.after))])
    return [
        AuditLine(
            id=row.id,
            happened_at=row.created_at,
            actor=names.get(row.actor_id, OPERATOR),
            action=row.action,
            object=row.object,
            before=row.before,
            after=row.after,
            names=names,
        )
        for row in rows
    ]
