"""Writes down what is known only here: a database that is away is asked again, for minutes, before it is forgotten."""

import threading
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import TypeVar

from sqlalchemy.orm import Session

from core.accounts.person import Person
from core.db.engine import Database
from core.errors import DatabaseAway

FIRST_S = (0.1, 0.5, 1.0, 2.0)
THEN_EVERY_S, TIMES = 5.0, 60

Recorded = TypeVar("Recorded")


def recorded(
    database: Database, person: Person, record: Callable[[Session], Recorded], *, give_up: threading.Event
) -> Recorded:
    """What `record` returns; it may run more than once. Raises DatabaseAway after minutes, or if `give_up` is set."""
    for wait_s in _waits():
        try:
            with database.as_person(person) as session:
                return record(session)
        except DatabaseAway:
            if give_up.wait(wait_s):
                break
    with database.as_person(person) as session:
        return record(session)


def _waits() -> Iterator[float]:
    return chain(FIRST_S, repeat(THEN_EVERY_S, TIMES))
