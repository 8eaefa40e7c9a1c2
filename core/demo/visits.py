"""A public demo's visits: each has a school of its own, found by the unguessable id in its address."""

import hashlib
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from core.accounts.people import DEMO_PEOPLE, demo_email, person_from
from core.accounts.person import Person
from core.db.engine import Database
from core.demo.samples import sample_class_list
from core.roster.importing.uploads import Upload

_RANDOM_BYTES = 18
_ID = re.compile(r"[A-Za-z0-9_-]{24}")
_BEGIN = text("select private.begin_demo_visit(:token_hash)")
_VISITOR = text("select * from private.demo_visitor(:token_hash, :email)")


@dataclass(frozen=True)
class Visitor:
    """Whom a visit looks as, and when its school goes, by the school's clock."""

    person: Person
    ends_at: datetime


class DemoVisits:
    """At most 50 at once; a visit that begins ends the longest unseen, of those only opened first."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        # Copies are made one after the other: whoever waits for theirs holds no connection that others' pages need.
        self._turn = threading.Lock()

    def begin(self) -> str:
        """The new visit's id, which stands nowhere but in its address. Raises NotAllowed or DemoCrowded."""
        visit_id = secrets.token_urlsafe(_RANDOM_BYTES)
        with self._turn, self._database.as_nobody() as session:
            session.execute(_BEGIN, {"token_hash": _hash(visit_id)})
        return visit_id

    def visitor(self, visit_id: str, key: str | None) -> Visitor | None:
        """None for a visit that is over, or never was; `key` as in the address bar's `?as=`.

        Whoever was taken out of the school has another of its people look in their place.
        """
        if not _ID.fullmatch(visit_id):
            return None
        emails = dict.fromkeys([demo_email(key), *DEMO_PEOPLE.values()])
        return next(filter(None, (self._visitor(_hash(visit_id), email) for email in emails)), None)

    def _visitor(self, token_hash: bytes, email: str) -> Visitor | None:
        with self._database.as_nobody() as session:
            row = session.execute(_VISITOR, {"token_hash": token_hash, "email": email}).one_or_none()
        if row is None:
            return None
        person = person_from(row, is_demo=True)
        return Visitor(person, row.ends_at.astimezone(person.zone))

    def sample_list(self, person: Person) -> Upload:
        """What to import in place of anything real."""
        return sample_class_list(person)


def _hash(visit_id: str) -> bytes:
    return hashlib.sha256(visit_id.encode()).digest()
