"""What every photo store promises; a new one joins by a line in STORES."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from core.errors import PhotoGone, StorageAway
from core.photos.storage import LocalPhotoStorage, PhotoStorage, checked_key, photo_key, thumb_key

SCHOOL, STUDENT, PHOTO = (UUID(int=number) for number in (1, 2, 3))
KEY = photo_key(SCHOOL, STUDENT, PHOTO)
THUMB = thumb_key(SCHOOL, STUDENT, PHOTO)
WEBP = "image/webp"

STORES: dict[str, Callable[[Path], PhotoStorage]] = {
    "local": lambda folder: LocalPhotoStorage(folder / "photos"),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PhotoStorage:
    return STORES[request.param](tmp_path)


def test_what_was_put_can_be_got(store: PhotoStorage) -> None:
    store.put(KEY, b"picture", WEBP)

    assert store.get(KEY) == b"picture"


def test_a_second_put_replaces_the_first(store: PhotoStorage) -> None:
    store.put(KEY, b"old", WEBP)
    store.put(KEY, b"new", WEBP)

    assert store.get(KEY) == b"new"
    assert list(store.keys()) == [KEY]


def test_what_was_never_put_is_gone(store: PhotoStorage) -> None:
    with pytest.raises(PhotoGone):
        store.get(KEY)


def test_keys_names_every_file(store: PhotoStorage) -> None:
    store.put(KEY, b"picture", WEBP)
    store.put(THUMB, b"thumbnail", WEBP)

    assert set(store.keys()) == {KEY, THUMB}


def test_an_empty_store_has_no_keys(store: PhotoStorage) -> None:
    assert list(store.keys()) == []


def test_deleting_removes_what_is_there_and_minds_nothing_else(store: PhotoStorage) -> None:
    store.put(KEY, b"picture", WEBP)

    store.delete([KEY, THUMB])

    assert list(store.keys()) == []
    with pytest.raises(PhotoGone):
        store.get(KEY)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../outside.webp",
        "a/../../outside.webp",
        "a//b.webp",
        "a/.hidden.webp",
        "a\\b.webp",
        "A.webp",
        "名.webp",
        "a.png",
        "a.webp/",
        "a.webp\n",
        "a#b.webp",
        "a\x00.webp",
        "x" * 250 + ".webp",
    ],
)
def test_a_key_that_might_lead_elsewhere_is_never_used(store: PhotoStorage, key: str) -> None:
    with pytest.raises(ValueError, match="not a photo's key"):
        store.put(key, b"picture", WEBP)
    with pytest.raises(ValueError, match="not a photo's key"):
        store.get(key)
    with pytest.raises(ValueError, match="not a photo's key"):
        store.delete([key])
    with pytest.raises(ValueError, match="not a photo's key"):
        store.public_url(key)
    with pytest.raises(ValueError, match="not a photo's key"):
        store.links([key])


def test_a_photo_lies_under_its_school_and_student() -> None:
    assert f"{SCHOOL}/{STUDENT}/{PHOTO}.webp" == KEY
    assert f"{SCHOOL}/{STUDENT}/{PHOTO}_thumb.webp" == THUMB
    assert checked_key(THUMB) == THUMB


def test_a_local_photo_is_served_by_the_app_alone(tmp_path: Path) -> None:
    assert LocalPhotoStorage(tmp_path).public_url(KEY) is None
    assert LocalPhotoStorage(tmp_path).links([KEY, THUMB]) == {}


def test_local_photos_are_closed_to_other_users(tmp_path: Path) -> None:
    LocalPhotoStorage(tmp_path / "photos").put(KEY, b"picture", WEBP)

    file = tmp_path / "photos" / KEY
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in list(file.parents)[:3])


def test_a_full_disk_leaves_the_old_photo_and_no_half_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LocalPhotoStorage(tmp_path)
    store.put(KEY, b"old", WEBP)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageAway):
        store.put(KEY, b"new", WEBP)

    assert store.get(KEY) == b"old"
    assert [path.name for path in (tmp_path / KEY).parent.iterdir()] == [f"{PHOTO}.webp"]


def test_a_write_that_never_ended_is_no_photo(tmp_path: Path) -> None:
    store = LocalPhotoStorage(tmp_path)
    store.put(KEY, b"picture", WEBP)
    (tmp_path / KEY).with_name(f".{PHOTO}.webp.webp").write_bytes(b"pic")

    assert list(store.keys()) == [KEY]


def test_a_store_that_can_not_be_read_is_away(tmp_path: Path) -> None:
    (tmp_path / "photos").write_bytes(b"a file where the folder should be")
    store = LocalPhotoStorage(tmp_path / "photos")

    with pytest.raises(StorageAway):
        store.put(KEY, b"picture", WEBP)
    with pytest.raises(StorageAway):
        store.get(KEY)
    with pytest.raises(StorageAway):
        store.delete([KEY])


def test_folder_and_file_are_both_on_the_disk_before_put_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    store = LocalPhotoStorage(tmp_path)
    store.put(KEY, b"old", WEBP)
    monkeypatch.setattr(os, "fsync", noted)
    store.put(KEY, b"new", WEBP)

    assert synced == ["file", "folder"]
