"""A copy of all files of a store in a folder, kept in step with it."""

from dataclasses import dataclass
from pathlib import Path

from core.errors import PhotoGone
from core.photos.storage import LocalPhotoStorage, PhotoStorage

_TYPE = "image/webp"


@dataclass(frozen=True)
class Copied:
    """How many files came, were there before, and went."""

    new: int
    kept: int
    removed: int


def copy_to(folder: Path, storage: PhotoStorage) -> Copied:
    """Fetches what the folder lacks and removes what the store has no more; may be broken off and run again.

    A key's content never changes, so what is there is not read again. Raises StorageAway.
    """
    copies = LocalPhotoStorage(folder)
    wanted, there = set(storage.keys()), set(copies.keys())
    new = sum(_fetch(key, storage, copies) for key in sorted(wanted - there))
    copies.delete(there - wanted)
    return Copied(new=new, kept=len(wanted & there), removed=len(there - wanted))


def _fetch(key: str, storage: PhotoStorage, copies: LocalPhotoStorage) -> bool:
    try:
        content = storage.get(key)
    except PhotoGone:  # erased since the list was made
        return False
    copies.put(key, content, _TYPE)
    return True
