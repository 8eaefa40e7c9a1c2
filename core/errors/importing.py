"""Class lists that can not be read, saved or taken back."""

from core.errors.app_error import AppError


class UnreadableFile(AppError):
    """An upload that is none of the formats that can be read."""

    code = "unreadable_file"
    sentence = "We could not read this file. It is not a CSV file or a zip. Export it again and retry."


class ImportOutOfDate(AppError):
    """The roster changed between the preview and the click on Apply."""

    code = "import_out_of_date"
    sentence = "The class list changed since this preview. Look at the new preview and apply again."


class ImportTargetUnclear(AppError):
    """A file that does not say which school or class it is for, or names none that is here."""

    code = "import_target_unclear"

    def __init__(self, what: str, wanted: str | None, candidates: list[str]) -> None:
        problem = f"There is no {what} “{wanted}” here" if wanted else f"Say which {what} this file is for"
        known = f": {', '.join(candidates)}" if candidates else ""
        super().__init__(f"{problem}. Name one with --{what}{known}.")


class UnknownImport(AppError):
    """An id that no import has."""

    code = "unknown_import"
    sentence = "There is no import with this id. Give the one that the import printed."


class StudentElsewhere(AppError):
    """A class list names someone whom the school has and this person may not see."""

    code = "student_elsewhere"
    sentence = "Someone in this list is in the school already, in another class. Ask an admin to import it."


class UndoNotPossible(AppError):
    """Something was built on what the import created or changed."""

    code = "undo_not_possible"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This import can't be undone any more: {reason}. Import a corrected list instead.")
