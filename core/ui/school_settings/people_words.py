"""What the list and the drawer say of a member, where nothing is Markdown."""

from datetime import datetime
from zoneinfo import ZoneInfo

from core.accounts.member import Member
from core.accounts.sign_in import SignIn
from core.ui.formats import time_or_day

NO_SIGN_IN = "A demo has no sign-in: nobody is invited here, and nobody has an account or a session."


def role_word(member: Member) -> str:
    return "Admin" if member.is_admin else "Teacher"


def account_words(member: Member, zone: ZoneInfo, now: datetime) -> str:
    if member.is_linked:
        return "Linked"
    if member.email is None:
        return "No e-mail yet"
    if member.invited_at is not None:
        return f"Invited {time_or_day(member.invited_at, zone, now)}"
    return "Not signed in yet"


def last_seen_words(member: Member, zone: ZoneInfo, now: datetime) -> str:
    return "" if member.last_seen_at is None else time_or_day(member.last_seen_at, zone, now)


def ways_in(sign_in: SignIn) -> str:
    """How somebody who was added gets in."""
    ways = []
    if sign_in.single_sign_on is not None:
        ways.append("Everyone listed here signs in with the school's account that has their e-mail address.")
    if sign_in.passwords is not None and sign_in.passwords.may_invite:
        ways.append("Whoever is to sign in with a password needs an invitation, a mail with which they choose it.")
    elif sign_in.passwords is not None:
        ways.append("Invitations are off: the operator has to set SUPABASE_SECRET_KEY first.")
    return " ".join(ways)
