"""What may not be written about a student, or not any more."""

from uuid import UUID

from core.errors.app_error import AppError


class MeetingNotPossible(AppError):
    """A time or a guardian that a meeting can't have; each with its own sentence."""

    code = "meeting_not_possible"


class RecordRefused(AppError):
    """A record as nobody may keep it: something is missing, too long, or can't be true."""

    code = "record_refused"


class RecordExists(RecordRefused):
    """There is one of the same day or assessment already; `record_id` is that one's."""

    code = "record_exists"

    def __init__(self, sentence: str, record_id: UUID) -> None:
        super().__init__(sentence)
        self.record_id = record_id


class RecordChanged(AppError):
    """Somebody else corrected the record after it was read."""

    code = "record_changed"
    sentence = (
        "Somebody else changed this record meanwhile, and it says now what stands above. "
        "Save again to put yours in its place."
    )


class RecordGone(AppError):
    """The record was removed, or is somebody else's to change."""

    code = "record_gone"
    sentence = "This record can't be changed any more: it was removed, or is not yours. Look at what is there now."
