"""Classes and students that are not there, not told apart, or not for this person."""

from core.errors.app_error import AppError


class NotAllowed(AppError):
    """Someone asked for what their role or classes don't give them."""

    code = "not_allowed"
    sentence = "You may not open this class. Choose one of your own."


class UnknownStudent(AppError):
    """No such student among those this person may see."""

    code = "unknown_student"
    sentence = "This student is not in your classes. Look for the name in the roster."


class AmbiguousStudent(AppError):
    """A sourced id that stands in more than one school."""

    code = "ambiguous_student"

    def __init__(self, candidates: list[str]) -> None:
        super().__init__("Several students have this id; name one of: " + ", ".join(candidates))


class UnknownClass(AppError):
    """No class by that id, sourced id or name is there, or it is archived."""

    code = "unknown_class"
    sentence = "There is no such class now. Name one by its id, its sourced id or its name."


class AmbiguousClass(AppError):
    """A sourced id or a name that more than one class has."""

    code = "ambiguous_class"

    def __init__(self, candidates: list[str]) -> None:
        super().__init__("Several classes are called this; name one of: " + ", ".join(candidates))
