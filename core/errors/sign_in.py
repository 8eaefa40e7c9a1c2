"""What can go wrong before anyone is known, each with the sentence of the sign-in page."""

from datetime import UTC, datetime
from math import ceil
from typing import ClassVar

from core.errors.app_error import AppError


class SignedOut(AppError):
    """No live session: never signed in, run out, or ended; whoever left keeps nothing of what they had typed."""

    code = "signed_out"
    page_can_go_on = False
    sentence = "You are signed out. Sign in to go on."

    def __init__(self, *, has_left: bool = False) -> None:
        super().__init__()
        self.has_left = has_left


class UnknownMember(AppError):
    """A proven account of nobody here, of somebody who left, or of an e-mail that two schools have."""

    code = "unknown_member"
    sentence = (
        "Your account is right, but no school here has it as a member's, or more than one has. "
        "Ask an admin of your school to look at your e-mail address under People."
    )


class TooManySignIns(AppError):
    """As many attempts as the limit allows for one account or from one address."""

    code = "too_many_sign_ins"
    advice: ClassVar[str] = "There were too many attempts. Ask for a new password, or try again in {wait}."

    def __init__(self, opens_at: datetime) -> None:
        self.opens_at = opens_at
        self.wait_s = max(1, ceil((opens_at - datetime.now(UTC)).total_seconds()))
        minutes = ceil(self.wait_s / 60)
        super().__init__(self.advice.format(wait=f"{minutes} minute{'' if minutes == 1 else 's'}"))


class TooManyMails(TooManySignIns):
    """As many mails as go to one account, or are asked for from one address."""

    code = "too_many_mails"
    advice = "Mails were asked for too often. Look for the last one, or try again in {wait}."


class WrongPassword(AppError):
    """Which of the three it is, is told to nobody: it would say whose accounts there are."""

    code = "wrong_password"
    sentence = "E-mail or password is not right, or the account is closed. Try again, or ask for a new password."


class EmailNotConfirmed(AppError):
    """The password is right, and the e-mail's owner has not answered the provider's mail yet."""

    code = "email_not_confirmed"
    sentence = (
        "This e-mail address is not confirmed yet. Follow the link in the mail that was sent to it, then sign in."
    )


class WeakPassword(AppError):
    """A new password that the provider does not take."""

    code = "weak_password"
    sentence = "This password is too easy to guess. Choose a longer one that you use nowhere else."


class SamePassword(WeakPassword):
    """The new password is the old one."""

    code = "same_password"
    sentence = "This is your password already. Choose another one."


class LinkUsedUp(AppError):
    """A link out of a mail that is too old, was used, or belongs to another browser."""

    code = "link_used_up"
    sentence = "This link was used already or is too old. Ask for a new one, and open it in this browser."


class SignInBusy(AppError):
    """The provider's own limit."""

    code = "sign_in_busy"
    sentence = "The sign-in service is busy. Wait a minute and try again."


class SignInAway(AppError):
    """The provider doesn't answer, or not in words that can be understood."""

    code = "sign_in_away"
    sentence = "The sign-in service can't be reached now. Try again in a minute."


class SignInRefused(AppError):
    """The provider refused us, or what it said can't be believed: a wrong key, a forged or expired token."""

    code = "sign_in_refused"
    sentence = "Signing in did not work. Start again; if it happens again, tell an admin."


class SignInStale(AppError):
    """An answer that belongs to no sign-in of this browser: too late, repeated, or brought in from elsewhere."""

    code = "sign_in_stale"
    sentence = "This sign-in took too long or was finished already. Start again."


class ForeignForm(AppError):
    """A form that another site sent."""

    code = "foreign_form"
    sentence = "This form did not come from here. Open the page again and repeat what you did."
