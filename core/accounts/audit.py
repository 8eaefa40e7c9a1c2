"""The audit log as an admin reads it: newest first, by who, what, about whom and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.accounts.audit_names import Fields, ids_in, names_of, subjects
from core.accounts.audit_search import AuditSearch, found
from core.accounts.audit_words import SOMEBODY, Topic, which_choice, wording
from core.accounts.person import Person
from core.db.engine import Database
from core.db.tables.people import Staff
from core.db.tables.usage import AuditEntry

A_PAGE = 50
# Further back than this a search has to be narrower, which bounds what the last page costs.
MOST = 10_000
OPERATOR, ITSELF = "the operator", "Staffroom itself"
# What a worker does for nobody in particular; the operator's commands have none of these.
_BY_ITSELF = frozenset({"pause class photos", "resume class photos"})


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
        words = wording(self.action)
        done = words.sentence.format_map({**SOMEBODY, **about})
        if words.topic is not Topic.SETTINGS:
            return done
        # A limit or a budget is the school's, or somebody's.
        which = ", ".join([*which_choice(self.action, self.after or self.before or {}), *about.values()])
        return f"{done}: {which}" if which else done


@dataclass(frozen=True)
class AuditPage:
    """`count` ends at MOST, and then `is_more` says that older ones are left out."""

    lines: list[AuditLine]
    count: int
    is_more: bool


class Audit:
    """For admins alone; the database shows the log to nobody else."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def page(self, person: Person, search: AuditSearch, number: int = 1) -> AuditPage:
        """The page of this number, counted from 1."""
        first = min(max(0, number - 1) * A_PAGE, MOST - A_PAGE)
        with self._database.as_person(person) as session:
            lines, count = _lines(session, found(session, person, search), first, A_PAGE)
        return AuditPage(lines, min(count, MOST), is_more=count > MOST)

    def everything(self, person: Person, search: AuditSearch) -> list[AuditLine]:
        """All pages in one, for a file."""
        with self._database.as_person(person) as session:
            lines, _ = _lines(session, found(session, person, search), 0, MOST)
        return lines

    def actors(self, person: Person) -> list[tuple[UUID, str]]:
        """Whom a line may be by, by name; who left among them."""
        with self._database.as_person(person) as session:
            rows = session.execute(
                select(Staff.id, Staff.full_name).where(Staff.school_id == person.school_id).order_by(Staff.full_name)
            )
            return [(row.id, row.full_name) for row in rows]


def _lines(session: Session, statement: Select[Any], offset: int, limit: int) -> tuple[list[AuditLine], int]:
    """Those of one page, and how many there are in all; both in one statement, since a search may read every row."""
    entry = AuditEntry
    newest = (entry.created_at.desc(), entry.id.desc())
    all_ids = statement.with_only_columns(entry.id, entry.created_at).order_by(*newest).limit(MOST + 1).cte("found")
    page = select(all_ids.c.id).order_by(all_ids.c.created_at.desc(), all_ids.c.id.desc()).offset(offset).limit(limit)
    count = select(func.count()).select_from(all_ids).scalar_subquery()
    columns = (entry.id, entry.created_at, entry.actor_id, entry.action, entry.object, entry.before, entry.after)
    rows = session.execute(select(*columns, count.label("in_all")).where(entry.id.in_(page)).order_by(*newest)).all()
    actors = (row.actor_id for row in rows if row.actor_id)
    ids = (one for row in rows for one in ids_in(row.object, row.before, row.after))
    names = names_of(session, [*actors, *ids])
    return [_line(row, names) for row in rows], rows[0].in_all if rows else 0


def _line(row: Any, names: dict[UUID, str]) -> AuditLine:
    return AuditLine(
        id=row.id,
        happened_at=row.created_at,
        actor=names.get(row.actor_id) or (ITSELF if row.action in _BY_ITSELF else OPERATOR),
        action=row.action,
        object=row.object,
        before=row.before,
        after=row.after,
        names=names,
    )
