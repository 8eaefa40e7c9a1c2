"""Portraits that may not be made, and what happens to those that were paid."""

from datetime import datetime

from core.errors.app_error import AppError


class PortraitNotAllowed(AppError):
    """The student left, or the school recorded that no portrait may be made."""

    code = "portrait_not_allowed"
    sentence = "No portrait may be made of this student. Ask the school's office."


class PortraitCame(AppError):
    """A first portrait was asked for where one came between the look and the click."""

    code = "portrait_came"
    sentence = "A portrait of this student came in the meantime, so no second one was asked for."


class TooManyWaiting(AppError):
    """As many portraits wait as may be made in one window of the limit."""

    code = "too_many_waiting"

    def __init__(self, waiting: int, first_starts_at: datetime | None) -> None:
        at = f" The first starts at {first_starts_at:%H:%M:%S}." if first_starts_at else ""
        super().__init__(f"{waiting} portraits are already waiting.{at} Try again after that.")


class UnknownBatch(AppError):
    """An address that names a batch which is gone, or is somebody else's."""

    code = "unknown_batch"
    sentence = "These class photos are not among your classes'. Choose a class."


class NobodyLeft(AppError):
    """A batch for students of whom none may be started now."""

    code = "nobody_left"
    sentence = (
        "Nobody is left to start: each has a photo, one under way, one that waits for a decision, or none allowed. "
        "Look at the class again."
    )


class ClassBusy(AppError):
    """Failed ones of an earlier batch, to be tried again while another batch of the class runs."""

    code = "class_busy"
    sentence = "Photos of this class are being made already. Try again when they are ready."


class PhotoGone(AppError):
    """A photo version that was removed meanwhile."""

    code = "photo_gone"
    sentence = "This photo is no longer there. Open the student again to see what is."


class DiskFull(AppError):
    """Checked before paying, so that a reply can always be kept."""

    code = "disk_full"
    sentence = "The disk is full, so nothing was sent or paid. An admin has to make room."


class StorageAway(AppError):
    """The photo store did not take a file; the paid reply is kept and tried again."""

    code = "storage_away"
    sentence = "The photo is made but can't be stored now. It is safe and will be stored by itself."


class StorageRefused(StorageAway):
    """The photo store answers and says no until an operator changes what `reason` names; what was paid waits."""

    code = "storage_refused"

    def __init__(self, reason: str = "Run `staffroom doctor` to see why.") -> None:
        super().__init__(f"The photo store refuses this for now. {reason}")


class OtherStore(AppError):
    """Asked for a copy of all files, where the store is not the one that the database is about."""

    code = "other_store"
    sentence = (
        "Hardly any photo that the database names is in this store, so nothing was copied or removed. "
        "See PHOTO_BUCKET, SUPABASE_URL and STAFFROOM_DATA_DIR; photos of before the bucket go up with "
        "`staffroom photos migrate`."
    )


class ImageAway(StorageAway):
    """The provider answered with an address, and the address does not answer now."""

    code = "image_away"
    sentence = "The photo is made but can't be fetched now. It will be fetched by itself."


class ReplyLost(AppError):
    """The reply came, and what was kept of it is gone: a disk or a database that was restored."""

    code = "reply_lost"
    sentence = "OpenAI's answer came and was lost here. It may have been charged; the old photo stays."


class NotAnImage(AppError):
    """The reply was paid but holds no image that can be used."""

    code = "not_an_image"

    def __init__(self, cost: str | None = None) -> None:
        paid = f"It was paid ({cost})" if cost else "It may have been charged"
        super().__init__(f"What came back was not an image. {paid} and the old photo stays.")
