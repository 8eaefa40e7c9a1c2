"""Who may ask Supabase Storage itself for photos: its rows are in storage.objects, and policies say who sees them."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, text

from core.accounts.person import Person
from core.db.addresses import sqlalchemy_url
from core.db.engine import Database
from core.db.migrations import migrate
from core.db.preparing import OWNER, prepare_embedded
from core.errors import NotAllowed
from core.photos.storage import photo_key
from tests.cast import Cast
from tests.postgres import Server, only_one

_PUT = text("insert into storage.objects (bucket_id, name) values ('student-photos', :name)")
_POLICIES = text("select count(*) from pg_policies where schemaname = 'storage'")
_NAMES = text("select name from storage.objects")


@pytest.fixture
def keys(owner: Connection, cast: Cast) -> dict[str, str]:
    """A photo of each: Ana and Bala are in North Primary, Cara is elsewhere; and two that are nobody's."""
    keys = {
        "ana": photo_key(cast.mei.school_id, cast.ana, uuid4()),
        "bala": photo_key(cast.mei.school_id, cast.bala, uuid4()),
        "cara": photo_key(cast.ben.school_id, cast.cara, uuid4()),
        # Ana's id in the other school's folder makes it nobody's of North Primary.
        "misplaced": photo_key(cast.ben.school_id, cast.ana, uuid4()),
        "loose": "loose.webp",
    }
    owner.execute(text("insert into storage.buckets (id, name, public) values ('student-photos', 'x', true)"))
    owner.execute(_PUT, [{"name": key} for key in keys.values()])
    return keys


def seen_by(database: Database, person: Person) -> set[str]:
    with database.as_person(person) as session:
        return set(session.scalars(_NAMES))


def test_teachers_see_the_files_of_their_students_and_admins_the_school_s(
    database: Database, cast: Cast, keys: dict[str, str]
) -> None:
    assert seen_by(database, cast.mei) == {keys["ana"]}
    assert seen_by(database, cast.arjun) == {keys["bala"]}
    assert seen_by(database, cast.siti) == {keys["ana"], keys["bala"]}
    assert seen_by(database, cast.ben) == {keys["cara"], keys["misplaced"]}


def test_a_teacher_who_left_sees_none(database: Database, owner: Connection, cast: Cast, keys: dict[str, str]) -> None:
    owner.execute(text("update staff set active = false where id = :mei"), {"mei": cast.mei.staff_id})

    assert keys
    assert seen_by(database, cast.mei) == set()


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_whoever_is_not_known_lists_nothing(owner: Connection, keys: dict[str, str], role: str) -> None:
    claims = f'{{"role": "{role}", "sub": "{uuid4()}", "iss": "https://project.supabase.co/auth/v1"}}'
    assert set(owner.scalars(_NAMES)) == set(keys.values())

    owner.execute(text("select set_config('request.jwt.claims', :claims, false)"), {"claims": claims})
    owner.execute(text("select set_config('role', :role, false)"), {"role": role})

    assert owner.scalars(_NAMES).all() == []


def test_nobody_writes_but_the_worker_not_even_in_their_own_school_s_folder(
    database: Database, cast: Cast, keys: dict[str, str]
) -> None:
    for person, school_id, student_id in (
        (cast.ben, cast.mei.school_id, cast.ana),
        (cast.mei, cast.mei.school_id, cast.ana),
        (cast.siti, cast.mei.school_id, cast.ana),
    ):
        with pytest.raises(NotAllowed), database.as_person(person) as session:
            session.execute(_PUT, {"name": photo_key(school_id, student_id, uuid4())})
        with database.as_person(person) as session:
            changed = session.execute(text("update storage.objects set name = 'taken' returning name")).all()
            removed = session.execute(text("delete from storage.objects returning name")).all()
        assert (changed, removed) == ([], [])

    with database.as_worker() as session:
        assert set(session.scalars(_NAMES)) == set(keys.values())
        session.execute(_PUT, {"name": photo_key(cast.mei.school_id, cast.ana, uuid4())})


@dataclass(frozen=True)
class Embedded:
    """A server's database, reached as the embedded one is."""

    server: Server

    def address(self, login: str, database: str) -> str:
        addresses = self.server.addresses(database)
        return addresses.owner if login == OWNER else addresses.superuser


def test_a_data_folder_of_an_earlier_version_gets_the_tables_and_the_policy(server: Server) -> None:
    database = server.make_migrated_database()
    addresses = server.addresses(database)
    try:
        superuser = create_engine(sqlalchemy_url(addresses.superuser), isolation_level="AUTOCOMMIT")
        with superuser.connect() as connection, only_one("roles"):
            connection.execute(text("drop schema storage cascade"))
            connection.execute(text("delete from supabase_migrations.schema_migrations where version = '0028'"))

            assert prepare_embedded(Embedded(server), database) == ["0028_photo_bucket"]  # type: ignore[arg-type]  # see there

            assert connection.scalar(_POLICIES) == 1
        superuser.dispose()
    finally:
        server.drop(database)


def test_a_postgres_without_storage_is_migrated_all_the_same(server: Server) -> None:
    with server.migrated_database() as addresses:
        engine = create_engine(sqlalchemy_url(addresses.superuser), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("drop schema storage cascade"))
            connection.execute(text("delete from supabase_migrations.schema_migrations where version = '0028'"))

        assert migrate(addresses.owner) == ["0028_photo_bucket"]
        engine.dispose()
