import errno
import os
import stat
from pathlib import Path
from uuid import UUID

import pytest

from core.errors import PhotoGone, StorageAway
from core.photos.spool import Spool

JOB = UUID("5f0c1d5e-0000-4000-8000-000000000001")
OTHER = UUID("5f0c1d5e-0000-4000-8000-000000000002")


def test_a_reply_is_kept_until_it_is_removed(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.write(JOB, 1, b"reply")

    assert spool.read(JOB, 1) == b"reply"
    assert spool.waiting() == [(JOB, 1)]

    spool.remove(JOB, 1)

    assert spool.waiting() == []
    with pytest.raises(PhotoGone):
        spool.read(JOB, 1)


def test_attempts_are_kept_apart(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for job_id, attempt in [(OTHER, 1), (JOB, 10), (JOB, 2)]:
        spool.write(job_id, attempt, f"{attempt}".encode())

    assert spool.waiting() == [(JOB, 2), (JOB, 10), (OTHER, 1)]
    assert spool.read(JOB, 2) == b"2"


def test_another_process_sees_what_was_kept(tmp_path: Path) -> None:
    Spool(tmp_path).write(JOB, 1, b"reply")

    assert Spool(tmp_path).waiting() == [(JOB, 1)]


def test_nothing_waits_in_a_spool_that_was_never_used(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")

    spool.remove(JOB, 1)

    assert spool.waiting() == []


def test_only_whole_replies_are_seen(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.write(JOB, 1, b"reply")
    for name in [f".{JOB}.2.reply.0123", f".{JOB}.2.reply", "notes.reply", f"{'-' * 36}.1.reply", f"{JOB}.x.reply"]:
        (tmp_path / name).write_bytes(b"half")

    assert spool.waiting() == [(JOB, 1)]


def test_a_reply_is_closed_to_other_users(tmp_path: Path) -> None:
    Spool(tmp_path / "spool").write(JOB, 1, b"reply")

    assert stat.S_IMODE((tmp_path / "spool").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "spool" / f"{JOB}.1.reply").stat().st_mode) == 0o600


def test_a_full_disk_is_told_and_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageAway):
        Spool(tmp_path).write(JOB, 1, b"reply")

    assert list(tmp_path.iterdir()) == []


def test_a_spool_that_can_not_be_read_is_away(tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(b"a file where the folder should be")
    spool = Spool(tmp_path / "spool")

    with pytest.raises(StorageAway):
        spool.read(JOB, 1)
    with pytest.raises(StorageAway):
        spool.remove(JOB, 1)
