"""What must answer in the database before anyone is sent to this process; each look has a connection of its own."""

from contextlib import closing

import psycopg2

from core.db.addresses import PATIENCE, libpq_url
from core.errors import DatabaseAway

_READ_QUEUE = "select count(*) from (select from procrastinate.procrastinate_jobs limit 1) as job"
# The pages' own login puts jobs into the queue through functions alone, and may not look at it.
_SEE_QUEUE = """
    select true from pg_catalog.pg_class as c inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where n.nspname = 'procrastinate' and c.relname = 'procrastinate_jobs'
"""


def require_reachable(address: str) -> None:
    """Raises DatabaseAway."""
    _require_answer(address, "select true")


def require_queue(app_address: str, worker_address: str | None) -> None:
    """Read with the worker's login where this process has it; raises DatabaseAway."""
    if worker_address is None:
        _require_answer(app_address, _SEE_QUEUE)
    else:
        _require_answer(worker_address, _READ_QUEUE)


def _require_answer(address: str, statement: str) -> None:
    try:
        with closing(psycopg2.connect(libpq_url(address), **PATIENCE)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
    except psycopg2.Error as error:
        raise DatabaseAway from error
    if row is None:
        raise DatabaseAway
