"""What an admin can't choose for the school, or not like this."""

from core.errors.app_error import AppError


class ChoiceRefused(AppError):
    """A model, price, limit or permission that can't be set, mostly with a sentence of its own."""

    code = "choice_refused"
    sentence = "This can't be set. Look at what stands here now, then try again."
