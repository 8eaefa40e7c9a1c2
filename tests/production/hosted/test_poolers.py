"""Over a transaction pooler everybody shares a few connections, and nobody sees what another does there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

from core.accounts.identity import Identity
from core.accounts.person import Person
from core.accounts.sessions import Sessions
from core.accounts.signatures import Signatures
from core.bootstrap import App, build_app
from core.db.addresses import sqlalchemy_url
from core.db.engine import build_engine
from core.db.inspection import inspect
from core.db.logins import set_passwords
from core.db.shipped_policies import shipped_policies
from core.photos.prompt import Style
from core.settings import load_settings
from tests.cast import Cast, found_schools
from tests.production.hosted.poolers import FEW, Poolers, poolers
from tests.production.hosted.server import SUPERUSER, Project
from tests.production.programs import Programs

AT_ONCE, TURNS = 6, 15
SEEN = "select pg_backend_pid(), private.me(), array(select full_name from students order by full_name)"


@pytest.fixture(scope="module")
def pooled(migrated: Project, programs: Programs) -> Iterator[Poolers]:
    with poolers(programs, migrated.address(SUPERUSER)) as both:
        yield both


@pytest.fixture(scope="module")
def owner(migrated: Project) -> Iterator[Connection]:
    engine = create_engine(sqlalchemy_url(migrated.address()), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def cast(owner: Connection) -> Cast:
    return found_schools(owner)


@pytest.fixture(scope="module")
def logins(pooled: Poolers, migrated: Project) -> dict[str, str]:
    """As the owner who comes by the session pooler is told them."""
    return set_passwords(pooled.by_session(migrated.address()))


@pytest.fixture
def app_address(pooled: Poolers, logins: dict[str, str]) -> str:
    return pooled.by_transaction(logins["DATABASE_URL"])


@pytest.fixture
def app(app_address: str, logins: dict[str, str], tmp_path: Path) -> Iterator[App]:
    told = {
        "STAFFROOM_DATA_DIR": str(tmp_path),
        "DATABASE_URL": app_address,
        "WORKER_DATABASE_URL": logins["WORKER_DATABASE_URL"],
        "DB_POOL_SIZE": str(AT_ONCE),
    }
    with closing(build_app(load_settings(told))) as app:
        yield app


def test_people_who_share_two_connections_see_their_own_students_alone(app: App, cast: Cast) -> None:
    def look(person: Person) -> list[tuple[int, bool, tuple[str, ...]]]:
        seen = []
        for _ in range(TURNS):
            with app.database.as_person(person) as session:
                pid, me, names = session.execute(text(SEEN)).one()
                seen.append((pid, me == person.staff_id, tuple(names)))
        return seen

    people = [cast.mei, cast.arjun, cast.ben] * (AT_ONCE // 3)
    with ThreadPoolExecutor(AT_ONCE) as pages:
        seen = list(pages.map(look, people))

    own = {cast.mei: "Ana Lim", cast.arjun: "Bala s/o Kumar", cast.ben: "Cara Wong"}
    for person, turns in zip(people, seen, strict=True):
        assert {turn[1:] for turn in turns} == {(True, (own[person],))}
    assert len({turn[0] for turns in seen for turn in turns}) <= FEW


def test_what_a_person_was_is_forgotten_with_the_transaction(app: App, app_address: str, cast: Cast) -> None:
    with app.database.as_person(cast.mei):
        pass

    with _engine(app_address) as connection:
        left = "select current_user, coalesce(current_setting('request.jwt.claims', true), '')"
        assert tuple(connection.execute(text(left)).one()) == ("staffroom_app", "")
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("select from public.students"))


def test_a_session_a_portrait_and_an_answer_come_through_it(app: App, owner: Connection, cast: Cast) -> None:
    signatures = Signatures(["a key that is long enough to sign with"])
    sessions = Sessions(database=app.database, signatures=signatures)
    account = Identity("https://accounts.example", "mei", "mei.tan@north.school", email_verified=True)
    mei = sessions.start(account, "a browser").person

    job_id = app.photos.request(mei, cast.ana, style=Style.PHOTO)
    asked = app.assistant.ask(mei, "How do I begin a talk with parents?")
    shown = "".join(app.assistant.tail(mei, asked.message_id))

    [_, answer] = app.assistant.thread(mei, asked.conversation_id).messages
    assert mei.staff_id == cast.mei.staff_id
    assert owner.scalar(text("select state from photo_jobs where id = :id"), {"id": job_id}) == "queued"
    assert shown
    assert answer.text == shown


def test_the_owner_and_the_worker_come_by_the_session_pooler(logins: dict[str, str]) -> None:
    with closing(psycopg2.connect(logins["WORKER_DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("select current_user, current_setting('search_path'), pg_try_advisory_lock(7)")
        assert cursor.fetchone() == ("staffroom_worker", "public, procrastinate", True)
        connection.commit()
        cursor.execute("listen anything; select pg_advisory_unlock(7)")

        # The lock is still held: the next transaction has the same session.
        assert cursor.fetchone() == (True,)


@contextmanager
def _engine(address: str) -> Iterator[Connection]:
    engine = build_engine(address, pool_size=1)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_doctor_tells_which_of_them_lends_by_the_transaction(pooled: Poolers, logins: dict[str, str]) -> None:
    addresses = logins["WORKER_DATABASE_URL"], pooled.by_transaction(logins["WORKER_DATABASE_URL"])

    by_session, by_transaction = (inspect(address, wants_role="service_role") for address in addresses)

    assert (by_session.is_pooled, by_session.is_pooled_by_transaction) == (True, False)
    assert (by_transaction.is_pooled, by_transaction.is_pooled_by_transaction) == (True, True)
    assert by_session.login.name == "staffroom_worker"
    assert (by_session.policies, by_session.open_to_anyone) == (shipped_policies(), ())
