"""Whether the disk can still take what a paid call will bring back."""

import shutil
from pathlib import Path

from core.errors import DiskFull

# A reply in the spool, its copy in the database, the portrait and its thumbnail, with a margin for all who write.
ROOM_FOR_A_PORTRAIT = 64 * 1024 * 1024


def ensure_room(path: Path, bytes_needed: int = ROOM_FOR_A_PORTRAIT) -> None:
    """Raises DiskFull when the disk that holds, or will hold, `path` has less room than that."""
    if shutil.disk_usage(_existing(path)).free < bytes_needed:
        raise DiskFull


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.absolute().parents) if folder.exists())
