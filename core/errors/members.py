"""What can't be done to a member of staff, each with the sentence of the page People."""

from core.errors.app_error import AppError


class MemberRefused(AppError):
    """A member as nobody can be: a name or an e-mail that is none."""

    code = "member_refused"


class EmailTaken(MemberRefused):
    """Another member of the school has the e-mail."""

    code = "email_taken"

    def __init__(self, holder: str, *, is_active: bool) -> None:
        advice = "Correct it there first." if is_active else "They have left: reactivate them, or take it out there."
        super().__init__(f"This is the e-mail of {holder} already. {advice}")


class MemberChanged(AppError):
    """Somebody else changed the member after they were read."""

    code = "member_changed"
    sentence = "Somebody else changed this member meanwhile. Look at what stands there now, then save again."


class MemberGone(AppError):
    """Nobody of this school by that id, or the member is not as the click took them to be."""

    code = "member_gone"
    sentence = "This member can't be changed like this any more. Look at what stands there now."


class LastAdmin(AppError):
    """A school without an admin could change nothing any more."""

    code = "last_admin"
    sentence = "A school needs an active admin, and this is the last one. Make somebody else an admin first."


class NotOneself(AppError):
    """Who deactivates themselves would be locked out at once."""

    code = "not_oneself"
    sentence = "You can't deactivate yourself. Another admin can."


class MadeUpVisitor(AppError):
    """One of the people whom each visitor of a demo may be."""

    code = "made_up_visitor"
    sentence = "Visitors of this demo look at it as this person, who therefore stays as they are. Choose somebody else."


class InvitationRefused(AppError):
    """The sign-in service doesn't send this mail."""

    code = "invitation_refused"
    sentence = (
        "The sign-in service did not take this invitation. Check the e-mail address; if it is right, "
        "the operator has to look at SUPABASE_SECRET_KEY."
    )
