"""What an admin can't change about classes and who is in them, or not without another look."""

from core.errors.app_error import AppError


class RegisterRefused(AppError):
    """A class, student or guardian as nobody may keep it; each with its own sentence."""

    code = "register_refused"


class ConfirmFirst(AppError):
    """What may be meant and may be a mistake; the same once more, confirmed, is done."""

    code = "confirm_first"


class RegisterChanged(AppError):
    """Somebody else changed the same thing after it was read."""

    code = "register_changed"
    sentence = (
        "Somebody else changed this meanwhile, and nothing of yours was saved. "
        "Close this and open it again to see what stands there now."
    )


class NewYearOutOfDate(AppError):
    """The class has other students, or a teacher is no member any more, since the preview."""

    code = "new_year_out_of_date"
    sentence = "The class changed since this preview, and nothing was saved. Look at it again below."
