"""What asking who is here costs a page: one look at the session, and the whole guard of a run."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text

from bench._findings import Findings
from core.accounts.identity import Identity
from core.accounts.sessions import Sessions
from core.accounts.signatures import Signatures
from core.db.addresses import sqlalchemy_url
from core.db.embedded import EmbeddedPostgres
from core.db.engine import Database, build_engine
from core.db.preparing import APP_LOGIN, DATABASE, OWNER, prepare_embedded
from core.photos.service import Photos
from core.photos.storage import LocalPhotoStorage
from core.usage.model_choice import ImageChoice

MEMBERS, SESSIONS_EACH = 300, 20
LOOKS = 1000
AT_MOST_MS = 3.0
# Of a student in the class that member 7 teaches, who is the one that signs in.
_PHOTO = uuid4()
_NO_CHOICE = ImageChoice(model="", size="", quality="")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sr-", dir="/tmp") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        prepare_embedded(server)
        try:
            return measure(server.address(OWNER, DATABASE), server.address(APP_LOGIN, DATABASE))
        finally:
            server.leave()


def measure(owner: str, app: str) -> int:
    fill(owner)
    findings = Findings("sessions")
    database = Database(app=build_engine(app, pool_size=5), worker=None)
    sessions = Sessions(database=database, signatures=Signatures(["k" * 32]))
    started = sessions.start(Identity("https://accounts.example", "7", None, email_verified=False), "bench")
    findings.add(
        "a transaction that asks nothing, median", statistics.median(timed(lambda: ask_nothing(database))), "ms"
    )
    looks = timed(lambda: sessions.person(started.token))
    findings.add("session lookup, median", statistics.median(looks), "ms", at_most=AT_MOST_MS)
    findings.add("session lookup, 95 of 100 within", statistics.quantiles(looks, n=20)[18], "ms")

    def guard() -> None:
        """As a run does: who is here, and then each transaction asks again."""
        sessions.person(started.token)
        for _ in range(10):
            sessions.is_still(started.person.staff_id, started.token)

    findings.add("page guard with ten transactions, median", statistics.median(timed(guard)), "ms", at_most=AT_MOST_MS)
    photos = Photos(database=database, storage=LocalPhotoStorage(Path()), choice=_NO_CHOICE)

    def photo() -> None:
        """As a photo's address does, before the file is read."""
        person = sessions.person(started.token, is_seen=False)
        if person is None:
            raise RuntimeError("The session is over.")
        photos.key_for(person, _PHOTO, thumbnail=True)

    looks = timed(photo)
    findings.add("session and photo, median", statistics.median(looks), "ms", at_most=AT_MOST_MS)
    findings.add("session and photo, 95 of 100 within", statistics.quantiles(looks, n=20)[18], "ms")
    database.close()
    return findings.close()


def ask_nothing(database: Database) -> None:
    with database.as_nobody() as session:
        session.execute(text("select 1"))


def timed(what: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        what()
        found.append((time.perf_counter() - began) * 1000)
    return found


def fill(owner: str) -> None:
    """A school with a month of sessions."""
    engine = create_engine(sqlalchemy_url(owner), isolation_level="AUTOCOMMIT")
    values = {"school": uuid4(), "members": MEMBERS, "each": SESSIONS_EACH, "photo": _PHOTO}
    with engine.connect() as connection:
        for statement in _FILL:
            connection.execute(text(statement), values)
        connection.execute(text("analyze"))
    engine.dispose()


_FILL = (
    "insert into schools (id, name) values (:school, 'Bench')",
    """
    insert into staff (school_id, full_name, sourced_id)
    select :school, 'Member ' || n, n::text from generate_series(1, :members) as n
    """,
    """
    insert into staff_sign_ins (school_id, staff_id, issuer, subject)
    select school_id, id, 'https://accounts.example', sourced_id from staff
    """,
    """
    insert into sessions (school_id, staff_id, sign_in_id, token_hash)
    select s.school_id, s.staff_id, s.id, sha256(gen_random_uuid()::text::bytea)
    from staff_sign_ins as s, generate_series(1, :each)
    """,
    """
    insert into classes (school_id, name, school_year, sourced_id)
    select :school, 'P5 Class ' || n, 2026, n::text from generate_series(0, 39) as n
    """,
    """
    insert into class_staff (school_id, class_id, staff_id, role)
    select :school, c.id, s.id, 'subject'
    from staff as s inner join classes as c on s.sourced_id::integer % 40 = c.sourced_id::integer
    """,
    """
    insert into students (school_id, full_name, sourced_id)
    select :school, 'Student ' || n, n::text from generate_series(0, 40 * 36 - 1) as n
    """,
    """
    insert into enrolments (school_id, class_id, student_id)
    select :school, c.id, s.id
    from students as s inner join classes as c on s.sourced_id::integer % 40 = c.sourced_id::integer
    """,
    """
    with jobs as (
        insert into photo_jobs (id, school_id, student_id, state)
        select case when sourced_id = '7' then cast(:photo as uuid) else gen_random_uuid() end, school_id, id, 'done'
        from students
        returning *
    )
    insert into photos (id, school_id, student_id, storage_key, thumb_key, address, width, height, sha256, model,
        style, prompt, cost_source)
    select id, school_id, student_id, 'k', 't', 'a', 1, 1, repeat('0', 64), 'm', 's', 'p', 'reported' from jobs
    """,
)


if __name__ == "__main__":
    sys.exit(main())
