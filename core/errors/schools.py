"""What an operator's command about a school can't tell or do."""

from core.errors.app_error import AppError


class SchoolUnclear(AppError):
    """None, or more than one; the sentence names what would settle it."""

    code = "school_unclear"


class MemberNameMissing(AppError):
    code = "member_name_missing"
    sentence = "Nobody has this e-mail yet. Say with --name what the new member is called."


class MemberUnclear(AppError):
    """The e-mail stands in several schools."""

    code = "member_unclear"

    def __init__(self, schools: list[str]) -> None:
        super().__init__(
            f"This e-mail belongs to members of {', '.join(schools)}. Say with --school which one is meant."
        )
