"""What every photo store promises; a new one joins by a line in STORES."""

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from core.clients.supabase_storage import build_bucket
from core.errors import PhotoGone, StorageAway
from core.photos.storage import LocalPhotoStorage, PhotoStorage, checked_key, photo_key, require_storage, thumb_key
from core.photos.supabase_storage import SupabasePhotoStorage
from core.settings import BucketAccess
from tests.storage_stand_in import SECRET, Fault, StorageStandIn

SCHOOL, STUDENT, PHOTO = (UUID(int=number) for number in (1, 2, 3))
KEY = photo_key(SCHOOL, STUDENT, PHOTO)
THUMB = thumb_key(SCHOOL, STUDENT, PHOTO)
WEBP = "image/webp"

STAND_IN = StorageStandIn()


@dataclass(frozen=True)
class Kept:
    """A store, and how to take it away."""

    store: PhotoStorage
    take_away: Callable[[], None]


def local(folder: Path) -> Iterator[Kept]:
    root = folder / "photos"

    def take_away() -> None:
        shutil.rmtree(root, ignore_errors=True)
        root.write_bytes(b"a file where the folder should be")

    yield Kept(LocalPhotoStorage(root), take_away)


def supabase(access: BucketAccess) -> Iterator[Kept]:
    STAND_IN.reset()
    STAND_IN.buckets["student-photos"].public = access is BucketAccess.PUBLIC
    with build_bucket(
        url=STAND_IN.address, secret_key=SECRET, name="student-photos", sleep=lambda _seconds: None
    ) as bucket:
        yield Kept(SupabasePhotoStorage(bucket=bucket, access=access), lambda: setattr(STAND_IN, "always", Fault.CUT))


STORES: dict[str, Callable[[Path], Iterator[Kept]]] = {
    "local": local,
    "supabase, public": lambda _folder: supabase(BucketAccess.PUBLIC),
    "supabase, private": lambda _folder: supabase(BucketAccess.PRIVATE),
}


@pytest.fixture(scope="module", autouse=True)
def _served() -> Iterator[None]:
    with STAND_IN.served():
        yield


@pytest.fixture(params=STORES)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    yield from STORES[request.param](tmp_path)


@pytest.fixture
def store(kept: Kept) -> PhotoStorage:
    return kept.store


def test_what_was_put_can_be_got(store: PhotoStorage) -> None:
    store.put(KEY, b"picture", WEBP)

    assert store.get(KEY) == b"picture"


def test_a_second_put_replaces_the_first(store: PhotoStorage) -> None:
    store.put(KEY, b"old", WEBP)
    store.put(KEY, b"new", WEBP)

    assert store.get(KEY) == b"new"
    assert list(store.keys()) == [KEY]


@pytest.mark.parametrize(
    "data", [b"", b"\r\n--\r\n\x00\xff\r\n", b"x" * (10 * 1024 * 1024 - 1)], ids=["none", "odd", "large"]
)
def test_every_byte_comes_back(store: PhotoStorage, data: bytes) -> None:
    store.put(KEY, data, WEBP)

    assert store.get(KEY) == data


def test_many_may_put_and_get_at_once(store: PhotoStorage) -> None:
    keys = [photo_key(SCHOOL, STUDENT, UUID(int=number)) for number in range(24)]

    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda key: store.put(key, key.encode(), WEBP), keys * 2))
        assert list(people.map(store.get, keys)) == [key.encode() for key in keys]

    assert set(store.keys()) == set(keys)


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


def test_deleting_nothing_is_no_error(store: PhotoStorage) -> None:
    store.delete([])


def test_a_store_that_works_is_ready_and_holds_nothing_more_than_before(store: PhotoStorage) -> None:
    require_storage(store)

    assert list(store.keys()) == []


def test_a_store_that_is_away_says_so_and_no_more(kept: Kept) -> None:
    kept.store.put(KEY, b"picture", WEBP)
    kept.take_away()

    with pytest.raises(StorageAway):
        kept.store.put(KEY, b"picture", WEBP)
    with pytest.raises(StorageAway):
        kept.store.get(KEY)
    with pytest.raises(StorageAway):
        kept.store.delete([KEY])
    with pytest.raises(StorageAway):
        require_storage(kept.store)


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
