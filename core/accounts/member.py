"""A member of staff as admins see them, and what they may write about one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.accounts.person import Role
from core.errors import MemberRefused

LONGEST_NAME = 200
LONGEST_EMAIL = 254


@dataclass(frozen=True, kw_only=True)
class Member:
    """`classes` are those they teach now; `last_seen_at` is of the sessions that are still kept."""

    id: UUID
    full_name: str
    name_to_check: bool
    email: str | None
    role: Role
    is_active: bool
    invited_at: datetime | None
    last_seen_at: datetime | None
    is_linked: bool
    classes: tuple[str, ...]

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


@dataclass(frozen=True)
class MemberEntry:
    """What is typed about a member; without an e-mail nobody can sign in as them for the first time."""

    full_name: str
    email: str | None

    def checked(self) -> "MemberEntry":
        """The same without spaces around it; raises MemberRefused."""
        return MemberEntry(_name(self.full_name.strip()), _email((self.email or "").strip()))


def _name(name: str) -> str:
    if not name:
        raise MemberRefused("Type the member's full name.")
    if len(name) > LONGEST_NAME:
        raise MemberRefused(f"A name has {LONGEST_NAME} characters at most.")
    if not name.isprintable():
        raise MemberRefused("This name has a character that can't be shown. Type it again.")
    return name


def _email(email: str) -> str | None:
    """Whether a mail arrives there, only a mail can tell."""
    if not email:
        return None
    name, _, host = email.rpartition("@")
    if not name or "@" in name or "." not in host.strip(".") or not email.isprintable() or " " in email:
        raise MemberRefused("This is no e-mail address. Write it like mei.tan@school.example.")
    if len(email) > LONGEST_EMAIL:
        raise MemberRefused(f"An e-mail address has {LONGEST_EMAIL} characters at most.")
    return email
