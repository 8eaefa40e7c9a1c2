"""What tests of a public demo's visits begin with, and how a copy is compared with the school it is of."""

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from core.accounts.person import Person
from core.db.engine import Database
from core.demo.visits import DemoVisits

_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Of the visit itself.
_ITS_OWN = {"demo_visits", "demo_costs"}
_WITH_A_SCHOOL = """
    select c.relname from pg_class as c
    inner join pg_attribute as a on a.attrelid = c.oid and a.attname = 'school_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1
"""
# A rollup is made anew, and all of the copy's ledger is made up.
_ROWS = """
    with plain as (
        select to_jsonb(t) - cast(:without as text[]) || case
            when to_jsonb(t) ? 'request_data'
            then jsonb_build_object('request_data', to_jsonb(t) -> 'request_data' || '{{"seeded"\\: true}}')
            else '{{}}'
        end as row
        from {table} as t where t.school_id = :school
    )
    select regexp_replace(cast(row as text), '{id}', 'id', 'g') as masked from plain order by 1
"""
_IDS = """
    select distinct m[1]
    from {table} as t,
        regexp_matches(cast(to_jsonb(t) - array['storage_key', 'thumb_key'] as text), '({id})', 'g') as m
    where t.school_id = :school
"""


def begin(database: Database, key: str = "mei") -> tuple[str, Person]:
    """A new visit and who looks at it."""
    visits = DemoVisits(database=database)
    visit_id = visits.begin()
    return visit_id, look(database, visit_id, key)


def look(database: Database, visit_id: str, key: str) -> Person:
    visitor = DemoVisits(database=database).visitor(visit_id, key)
    assert visitor is not None
    return visitor.person


def hash_of(visit_id: str) -> bytes:
    return hashlib.sha256(visit_id.encode()).digest()


def tables(owner: Connection) -> list[str]:
    """Of everything that belongs to a school, from the catalogue: a new table is among them."""
    return [name for name in owner.scalars(text(_WITH_A_SCHOOL)) if name not in _ITS_OWN]


def rows(owner: Connection, table: str, school: UUID) -> list[str]:
    """Without ids, so that equal ones look alike."""
    without = ["created_at"] if table.startswith("usage_") else []
    statement = text(_ROWS.format(table=table, id=_ID))
    return list(owner.scalars(statement, {"school": school, "without": without}))


def ids(owner: Connection, table: str, school: UUID) -> set[str]:
    """Every id that stands anywhere in the rows."""
    statement = text(_IDS.format(table=table, id=_ID))
    return set(owner.scalars(statement, {"school": school}))


def left_of(owner: Connection, school: UUID) -> dict[str, Any]:
    """Tables with rows of the school, and how many."""
    found = {
        name: owner.scalar(text(f"select count(*) from {name} where school_id = :school"), {"school": school})
        for name in owner.scalars(text(_WITH_A_SCHOOL))
    }
    return {name: count for name, count in found.items() if count}
