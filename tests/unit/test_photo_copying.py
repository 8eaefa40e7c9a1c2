"""The copy of a store that a backup keeps."""

from pathlib import Path

import pytest

from core.errors import OtherStore, PhotoGone
from core.photos.copying import Copied, copy_to
from core.photos.storage import LocalPhotoStorage

WEBP = "image/webp"


def store_with(folder: Path, **files: bytes) -> LocalPhotoStorage:
    store = LocalPhotoStorage(folder)
    for name, content in files.items():
        store.put(f"school/{name}.webp", content, WEBP)
    return store


def test_a_copy_is_brought_up_to_date_without_reading_again_what_is_there(tmp_path: Path) -> None:
    store = store_with(tmp_path / "store", first=b"first", second=b"second")
    assert copy_to(tmp_path / "copy", store) == Copied(new=2, kept=0, removed=0)
    untouched = (tmp_path / "copy/school/second.webp").stat()

    store.delete(["school/first.webp"])
    store.put("school/third.webp", b"third", WEBP)
    assert copy_to(tmp_path / "copy", store) == Copied(new=1, kept=1, removed=1)

    assert sorted(path.name for path in (tmp_path / "copy/school").iterdir()) == ["second.webp", "third.webp"]
    assert (tmp_path / "copy/school/second.webp").stat().st_ino == untouched.st_ino


def test_a_photo_that_goes_meanwhile_is_left_out(tmp_path: Path) -> None:
    class Erasing(LocalPhotoStorage):
        def get(self, key: str) -> bytes:
            self.delete([key])
            raise PhotoGone

    store_with(tmp_path / "store", only=b"picture")

    assert copy_to(tmp_path / "copy", Erasing(tmp_path / "store")) == Copied(new=0, kept=0, removed=0)


def test_a_copy_loses_nothing_to_a_store_that_is_another_one(tmp_path: Path) -> None:
    store_with(tmp_path / "copy", only=b"picture")
    emptied = LocalPhotoStorage(tmp_path / "store")

    with pytest.raises(OtherStore):
        copy_to(tmp_path / "copy", emptied, named={"school/only.webp"})

    assert (tmp_path / "copy/school/only.webp").read_bytes() == b"picture"
    # Where the school has none, either, they were erased.
    assert copy_to(tmp_path / "copy", emptied) == Copied(new=0, kept=0, removed=1)
