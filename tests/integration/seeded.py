"""Databases with the demo school in them, which is seeded once a run and day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from core.demo.seeding import seed_demo_school
from tests.postgres import Addresses, Server, database_at, only_one


@contextmanager
def seeded_database(server: Server, today: date) -> Iterator[Addresses]:
    """A database of its own, dropped in the end."""
    name = server.clone(_template(server, today))
    try:
        yield server.addresses(name)
    finally:
        server.drop(name)


def _template(server: Server, today: date) -> str:
    name = f"demo_{today:%Y%m%d}"
    with only_one(name):
        if not server.has(name):
            unfinished = server.make_migrated_database()
            with database_at(server.addresses(unfinished)) as database:
                seed_demo_school(database, today=today)
            server.run(f"alter database {unfinished} rename to {name}")
    return name
