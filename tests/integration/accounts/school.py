"""A school whose members sign in, over one database for all tests of a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, text

from core.accounts.identity import Identity
from core.accounts.person import Person, Role
from core.accounts.sessions import Sessions, StartedSession
from core.accounts.signatures import Signatures
from core.accounts.throttle import Throttle
from core.db.addresses import sqlalchemy_url
from core.db.engine import Database
from tests.cast import School, found_school, hire
from tests.postgres import Addresses, Server, database_at

ISSUER = "https://accounts.example"
KEY = "a key of the school that is long enough"


@dataclass(frozen=True)
class SignInSchool:
    """`north` has an admin, Siti; each test hires whom it needs, so that none is in another's way."""

    addresses: Addresses
    database: Database
    owner: Connection
    north: School
    siti: Person
    sessions: Sessions
    throttle: Throttle

    def hire(self, role: Role = Role.TEACHER, *, school: School | None = None) -> Person:
        return hire(self.owner, school or self.north, f"Member {uuid4().hex[:8]}", role)

    def email(self, person: Person) -> str:
        return str(self.value("select email from staff where id = :id", id=person.staff_id))

    def account(self, person: Person, *, verified: bool = True, issuer: str = ISSUER) -> Identity:
        """A new account with this person's e-mail."""
        return Identity(issuer, uuid4().hex, self.email(person), email_verified=verified)

    def signed_in(self, person: Person) -> StartedSession:
        return self.sessions.start(self.account(person), "Firefox")

    def run(self, statement: str, **values: object) -> None:
        self.owner.execute(text(statement), values)

    def value(self, statement: str, **values: object) -> object:
        return self.owner.scalar(text(statement), values)

    def audited(self, person: Person | UUID) -> list[str]:
        staff_id = person if isinstance(person, UUID) else person.staff_id
        found = self.owner.scalars(
            text("select action from audit_log where object = :object order by created_at"),
            {"object": f"staff {staff_id}"},
        )
        return list(found)


@contextmanager
def school_on(server: Server) -> Iterator[SignInSchool]:
    with server.migrated_database() as addresses, database_at(addresses, pool_size=10) as database:
        engine = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
        with engine.connect() as owner:
            north = found_school(owner, "North Primary")
            signatures = Signatures([KEY])
            yield SignInSchool(
                addresses,
                database,
                owner,
                north,
                hire(owner, north, "Siti Rahim", Role.ADMIN),
                Sessions(database=database, signatures=signatures),
                Throttle(database=database, signatures=signatures),
            )
        engine.dispose()
