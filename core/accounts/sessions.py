"""Who is signed in: a row for each browser, found by the hash of what its cookie holds."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from core.accounts.identity import Identity
from core.accounts.person import Person, Role
from core.accounts.signatures import Signatures
from core.db.engine import Database
from core.db.tables.sessions import SignedInSession
from core.errors import UnknownMember

SESSION_COOKIE = "staffroom_session"
_PURPOSE = "session"
_RANDOM_BYTES = 32
REMEMBERED_FOR_S = 5.0
MOST_REMEMBERED = 10_000

_START = text("select private.start_session(:issuer, :subject, :email, :token_hash, :user_agent)")
_PERSON = text("select * from private.session_person(:token_hash, :is_seen)")
_WAS_ENDED = text("select private.session_was_ended(:token_hash)")
_WAS_LEFT = text("select private.session_was_left(:token_hash)")
_END = text("select private.end_session(:token_hash)")
_END_MINE = text("select private.end_my_sessions(:token_hash)")
_END_ONE = text("select private.end_one_session(:session)")
_END_OF = text("select private.end_sessions_of(:staff)")
_UNLINK = text("select private.unlink_sign_ins(:staff)")


@dataclass(frozen=True)
class StartedSession:
    """`token` is the cookie's value and stands nowhere else."""

    token: str
    person: Person


@dataclass(frozen=True)
class SessionRow:
    """A session as its owner or an admin sees it."""

    id: UUID
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


class Sessions:
    """Over after 8 hours unseen or 7 days in all; every question asks the database anew."""

    def __init__(self, *, database: Database, signatures: Signatures) -> None:
        self._database = database
        self._signatures = signatures
        # Who was looked up a moment ago, by token.
        self._found: dict[str, tuple[UUID, float]] = {}

    def start(self, identity: Identity, user_agent: str) -> StartedSession:
        """A new session for the member whose account this is; raises UnknownMember, whatever the reason."""
        token = self._signatures.sign(_PURPOSE, secrets.token_urlsafe(_RANDOM_BYTES))
        values = {
            "issuer": identity.issuer,
            "subject": identity.subject,
            "email": identity.verified_email,
            "token_hash": self._hash(token),
            "user_agent": user_agent,
        }
        with self._database.as_nobody() as session:
            session.execute(_START, values)
        person = self.person(token)
        if person is None:
            raise UnknownMember
        return StartedSession(token, person)

    def person(self, token: str, *, is_seen: bool = True) -> Person | None:
        """Whose session this is, as the school knows them at this moment; None once it is over.

        With `is_seen` false the session grows no younger: for what a page asks by itself.
        """
        found = self._look_up(token, is_seen=is_seen)
        if found is None:
            self._found.pop(token, None)
            return None
        if len(self._found) >= MOST_REMEMBERED:
            self._found.clear()
        self._found[token] = (found.staff_id, time.monotonic())
        return _person(found)

    def is_still(self, staff_id: UUID, token: str) -> bool:
        """Whether the token is this member's; asked before each of a page's transactions, so once in some seconds."""
        who, looked_up_at = self._found.get(token, (None, 0.0))
        if who == staff_id and time.monotonic() - looked_up_at < REMEMBERED_FOR_S:
            return True
        found = self.person(token, is_seen=False)
        return found is not None and found.staff_id == staff_id

    def was_ended(self, token: str) -> bool:
        """Whether somebody ended it or took the member out; False where it only ran out of time."""
        token_hash = self._hash(token)
        if token_hash is None:
            return True
        with self._database.as_nobody() as session:
            return bool(session.execute(_WAS_ENDED, {"token_hash": token_hash}).scalar())

    def was_left(self, token: str) -> bool:
        """Whether its member signed out of it, here or elsewhere."""
        with self._database.as_nobody() as session:
            return bool(session.execute(_WAS_LEFT, {"token_hash": self._hash(token)}).scalar())

    def end(self, token: str) -> None:
        self._found.pop(token, None)
        with self._database.as_nobody() as session:
            session.execute(_END, {"token_hash": self._hash(token)})

    def end_all(self, person: Person, but_token: str | None = None) -> int:
        """Ends the person's own sessions on every device; returns how many."""
        kept = None if but_token is None else self._hash(but_token)
        with self._database.as_person(person) as session:
            return int(session.execute(_END_MINE, {"token_hash": kept}).scalar_one())

    def of(self, person: Person, *, staff_id: UUID | None = None, token: str | None = None) -> list[SessionRow]:
        """The live ones, latest first; of a colleague (`staff_id`) for admins alone."""
        this = None if token is None else self._look_up(token, is_seen=False)
        row = SignedInSession
        with self._database.as_person(person) as session:
            found = session.execute(
                select(row.id, row.user_agent, row.created_at, row.last_seen_at)
                .where(row.staff_id == (staff_id or person.staff_id), row.revoked_at.is_(None))
                .where(row.expires_at > func.now(), row.last_seen_at > func.now() - text("interval '8 hours'"))
                .order_by(row.last_seen_at.desc(), row.id)
            ).all()
        here = None if this is None else this.session_id
        zone = person.zone
        return [
            SessionRow(
                one.id,
                one.user_agent,
                one.created_at.astimezone(zone),
                one.last_seen_at.astimezone(zone),
                is_this=one.id == here,
            )
            for one in found
        ]

    def end_one(self, person: Person, session_id: UUID) -> bool:
        """One's own, or as an admin a colleague's; False if it was over already or is nobody's of these."""
        with self._database.as_person(person) as session:
            return bool(session.execute(_END_ONE, {"session": session_id}).scalar())

    def end_all_of(self, person: Person, staff_id: UUID) -> int:
        """A colleague's, by an admin; raises NotAllowed."""
        with self._database.as_person(person) as session:
            return int(session.execute(_END_OF, {"staff": staff_id}).scalar_one())

    def unlink(self, person: Person, staff_id: UUID) -> int:
        """Takes a colleague's accounts at providers away, so that the next sign-in links anew; raises NotAllowed."""
        with self._database.as_person(person) as session:
            return int(session.execute(_UNLINK, {"staff": staff_id}).scalar_one())

    def _look_up(self, token: str, *, is_seen: bool) -> Any:
        token_hash = self._hash(token)
        if token_hash is None:
            return None
        with self._database.as_nobody() as session:
            return session.execute(_PERSON, {"token_hash": token_hash, "is_seen": is_seen}).one_or_none()

    def _hash(self, token: str) -> bytes | None:
        """None for a token that we never signed, or with a key that is out of use."""
        value = self._signatures.text(_PURPOSE, token)
        return None if value is None else hashlib.sha256(value.encode()).digest()


def _person(row: Any) -> Person:
    return Person(
        staff_id=row.staff_id,
        school_id=row.school_id,
        full_name=row.full_name,
        role=Role(row.role),
        school_name=row.school_name,
        time_zone=row.time_zone,
        is_demo=False,
    )
