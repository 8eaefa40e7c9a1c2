"""A copy of all files of a store in a folder, kept in step with it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from core.db.engine import Database
from core.errors import OtherStore, PhotoGone
from core.photos.storage import LocalPhotoStorage, PhotoStorage

_TYPE = "image/webp"
_NAMED = text("select p.storage_key from photos as p where p.removed_at is null")
_NEARLY_NONE = 0.1
"""Of the pictures that the database names: with fewer in the store this is likely another one, or none at all."""


@dataclass(frozen=True)
class Copied:
    """How many files came, were there before, and went."""

    new: int
    kept: int
    removed: int


def named_pictures(database: Database) -> frozenset[str]:
    """Where the pictures lie that people may look at."""
    with database.as_worker() as session:
        return frozenset(session.scalars(_NAMED))


def copy_to(folder: Path, storage: PhotoStorage, *, named: AbstractSet[str] = frozenset()) -> Copied:
    """Fetches what the folder lacks and removes what the store has no more; may be broken off and run again.

    A key's content never changes, so what is there is not read again. Raises StorageAway, and OtherStore where hardly
    any of the `named` pictures is: a bucket that is gone lists nothing, as an empty one does.
    """
    copies = LocalPhotoStorage(folder)
    wanted, there = set(storage.keys()), set(copies.keys())
    if len(wanted & named) < len(named) * _NEARLY_NONE:
        raise OtherStore
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
