"""Everyone of the asking person's school, for pseudonyms alone: no page ever shows them."""

from functools import lru_cache

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.assistant.known_names import Kind, KnownPerson
from core.assistant.pseudonyms import Everyone

SCHOOLS_KEPT = 4

_NAMES = text("select kind, id, names, contacts, ids from private.names_of_my_school()")


def everyone(session: Session) -> Everyone:
    """Indexed anew when anyone came, left or was renamed."""
    rows = session.execute(_NAMES)
    people = (KnownPerson(Kind(r.kind), str(r.id), tuple(r.names), tuple(r.contacts), tuple(r.ids)) for r in rows)
    return _indexed(tuple(sorted(people, key=lambda one: (one.kind, one.id))))


@lru_cache(maxsize=SCHOOLS_KEPT)
def _indexed(people: tuple[KnownPerson, ...]) -> Everyone:
    """Kept by the whole list, so that no school is ever answered with another's."""
    return Everyone(people)
