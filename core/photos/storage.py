"""Where portraits are kept: the port, and the store in the data folder."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

from core.errors import PhotoGone, StorageAway
from core.photos.durable import is_unfinished, make_private_folder, write_durably

# Lower-case ASCII words between slashes; a word can't start with a dot, so that no key leads out of the store.
KEY = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*\.webp")
MOST_KEY_CHARS = 200


class PhotoStorage(Protocol):
    """A store of files by key. Raises StorageAway where it can't answer now."""

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep `data` under `key`, over what was there; on return it is safe."""

    def get(self, key: str) -> bytes:
        """The file. Raises PhotoGone where there is none."""

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the files; one that is not there is no error."""

    def keys(self) -> Iterator[str]:
        """Every key, in no particular order."""

    def public_url(self, key: str) -> str | None:
        """An address that anyone may open, None where the store has none."""

    def links(self, keys: Collection[str]) -> dict[str, str]:
        """Addresses where browsers fetch these files themselves, asked for in one go.

        A file that is not there is left out; empty where only the app can serve them.
        """


def photo_key(school_id: UUID, student_id: UUID, photo_id: UUID) -> str:
    """Where the full picture lies."""
    return f"{school_id}/{student_id}/{photo_id}.webp"


def thumb_key(school_id: UUID, student_id: UUID, photo_id: UUID) -> str:
    """Where the thumbnail lies, beside its picture."""
    return f"{school_id}/{student_id}/{photo_id}_thumb.webp"


def checked_key(key: str) -> str:
    """`key` itself. Raises ValueError for one that a store might take for another place."""
    if len(key) > MOST_KEY_CHARS or not KEY.fullmatch(key):
        raise ValueError("not a photo's key")
    return key


def require_storage(storage: PhotoStorage) -> None:
    """Raises StorageAway unless a file can be written, read and deleted there now."""
    # Each time another name: several processes look at one store.
    key, content = f"readiness/{uuid4()}.webp", b"ready"
    storage.put(key, content, "image/webp")
    try:
        is_kept = storage.get(key) == content
    except PhotoGone as error:
        raise StorageAway from error
    finally:
        storage.delete([key])
    if not is_kept:
        raise StorageAway


class LocalPhotoStorage:
    """Keeps photos under one folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, data: bytes, content_type: str) -> None:  # noqa: ARG002 - a folder keeps no type
        path = self._path(key)
        try:
            make_private_folder(path.parent)
            write_durably(path, data)
        except OSError as error:
            raise StorageAway from error

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise PhotoGone from error
        except OSError as error:
            raise StorageAway from error

    def delete(self, keys: Iterable[str]) -> None:
        for path in [self._path(key) for key in keys]:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StorageAway from error

    def keys(self) -> Iterator[str]:
        for path in self._root.rglob("*.webp"):
            if not is_unfinished(path):
                yield path.relative_to(self._root).as_posix()

    def public_url(self, key: str) -> str | None:
        checked_key(key)
        return None

    def links(self, keys: Collection[str]) -> dict[str, str]:
        for key in keys:
            checked_key(key)
        return {}

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)
