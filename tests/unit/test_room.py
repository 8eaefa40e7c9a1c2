import shutil
from pathlib import Path

import pytest

from core.errors import DiskFull
from core.photos.room import ROOM_FOR_A_PORTRAIT, ensure_room


def test_enough_room_is_no_news(tmp_path: Path) -> None:
    ensure_room(tmp_path, 1)


def test_a_full_disk_is_said_before_anything_is_paid(tmp_path: Path) -> None:
    with pytest.raises(DiskFull):
        ensure_room(tmp_path, shutil.disk_usage(tmp_path).total + 1)


def test_a_folder_that_is_yet_to_be_made_is_measured_by_its_disk(tmp_path: Path) -> None:
    ensure_room(tmp_path / "spool" / "of" / "tomorrow", 1)


def test_a_relative_folder_is_measured_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    ensure_room(Path("spool"), 1)


def test_a_portrait_asks_for_more_than_its_reply_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def nearly_full(path: Path) -> object:
        asked.append(path)
        return type("Usage", (), {"free": ROOM_FOR_A_PORTRAIT - 1})

    monkeypatch.setattr("core.photos.room.shutil.disk_usage", nearly_full)
    with pytest.raises(DiskFull):
        ensure_room(tmp_path)
    assert asked == [tmp_path]
