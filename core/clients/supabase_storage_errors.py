"""What Supabase Storage says no with, in our words."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import structlog
from storage3.exceptions import StorageApiError
from storage3.utils import StorageException

from core.errors import AppError, PhotoGone, StorageAway, StorageRefused

log = structlog.get_logger(__name__)

_KEY = (
    "Supabase does not accept SUPABASE_SECRET_KEY for this. Set the secret key (sb_secret_…) of the project that "
    "SUPABASE_URL names, and start again."
)
_TOO_LARGE = (
    "A file is larger than the bucket {bucket} takes. Run `staffroom photos bucket`, and see that the project's own "
    "upload limit is 10 MB or more."
)
_TYPE = "The bucket {bucket} does not take this kind of image. Run `staffroom photos bucket`."
_NO_BUCKET = "There is no bucket {bucket}. Run `staffroom photos bucket` to make it."
_QUOTA = "The Supabase project is over its quota. Look at its usage in Supabase's dashboard."
_PAUSED = "The Supabase project is paused. Restore it in Supabase's dashboard."
_ELSEWHERE = "What answers at SUPABASE_URL is not Supabase Storage. Correct SUPABASE_URL and start again."
_OTHER = "Supabase Storage says {code}. Run `staffroom doctor` to see what is wrong."

_REASONS = {
    "401": _KEY,
    "402": _QUOTA,
    "403": _KEY,
    "413": _TOO_LARGE,
    "415": _TYPE,
    "540": _PAUSED,
}
# Locked, or made by another at the same moment, too early, too many, and a connection that was too slow.
_AGAIN = {"408", "409", "423", "425", "429"}
_GONE = {"not_found", "NoSuchKey"}
_NO_SUCH_BUCKET = {"Bucket not found", "NoSuchBucket"}


class BucketMissing(StorageRefused):
    """The project has no bucket of this name."""


@contextmanager
def translated(bucket: str) -> Iterator[None]:
    """Turns everything that the package lets through into StorageAway, StorageRefused or PhotoGone."""
    try:
        yield
    except StorageApiError as error:
        raise _meant(error, bucket) from error
    except (StorageException, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TypeError, KeyError) as error:
        # No answer, or a page of something in between: JSON that is none, or without what belongs in it.
        raise StorageAway from error


def _meant(error: StorageApiError, bucket: str) -> AppError:
    """The true status is in the answer's body, as text; the answer's own is 400 for almost everything."""
    status = str(error.status)
    if status == "404":
        return _missing(error, bucket)
    if status in _REASONS:
        return StorageRefused(_REASONS[status].format(bucket=bucket))
    if error.code in {"InvalidJWT", "Unauthorized"}:
        return StorageRefused(_KEY)
    if status in _AGAIN or not status.startswith(("3", "4")):
        return StorageAway()
    return StorageRefused(_ELSEWHERE if status.startswith("3") else _OTHER.format(code=_code(error)))


def _missing(error: StorageApiError, bucket: str) -> AppError:
    if error.code in _NO_SUCH_BUCKET:
        return BucketMissing(_NO_BUCKET.format(bucket=bucket))
    # Where the package can't read the answer it quotes it.
    if error.code in _GONE or "NoSuchKey" in error.message:
        return PhotoGone()
    return StorageRefused(_ELSEWHERE)


def _code(error: StorageApiError) -> str:
    """Its code only: its sentence may name a file."""
    return error.code if error.code.isascii() and error.code.isprintable() and len(error.code) <= 40 else "no"


def note(error: StorageAway) -> None:
    """For the operator: what the store said, without the file's name."""
    if not isinstance(error, BucketMissing):
        cause = error.__cause__
        status = str(cause.status) if isinstance(cause, StorageApiError) else None
        log.warning("storage_failed", code=error.code, status=status, error_type=type(cause).__name__)
