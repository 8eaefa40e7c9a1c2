"""Paid replies on this machine's disk, from the moment their last byte came until they are stored."""

import re
from pathlib import Path
from uuid import UUID

from core.errors import PhotoGone, StorageAway
from core.photos.durable import make_private_folder, write_durably

NAME = re.compile(r"(?P<job_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?P<attempt>\d{1,9})\.reply")


class Spool:
    """One file per attempt, whole or absent; several processes may share the folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, job_id: UUID, attempt: int, body: bytes) -> None:
        """Keep a reply; on return it survives a crash. Raises StorageAway."""
        try:
            make_private_folder(self._root)
            write_durably(self._path(job_id, attempt), body)
        except OSError as error:
            raise StorageAway from error

    def read(self, job_id: UUID, attempt: int) -> bytes:
        """The reply. Raises PhotoGone where there is none, StorageAway where it can't be read."""
        try:
            return self._path(job_id, attempt).read_bytes()
        except FileNotFoundError as error:
            raise PhotoGone from error
        except OSError as error:
            raise StorageAway from error

    def remove(self, job_id: UUID, attempt: int) -> None:
        """Forget a reply that is stored; one that is not there is no error."""
        try:
            self._path(job_id, attempt).unlink(missing_ok=True)
        except OSError as error:
            raise StorageAway from error

    def waiting(self) -> list[tuple[UUID, int]]:
        """The (job_id, attempt) of every reply that is kept."""
        found = (NAME.fullmatch(path.name) for path in self._root.glob("*.reply"))
        return sorted((UUID(match["job_id"]), int(match["attempt"])) for match in found if match)

    def _path(self, job_id: UUID, attempt: int) -> Path:
        return self._root / f"{job_id}.{attempt}.reply"
