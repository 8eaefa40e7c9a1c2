"""Where photos are kept, by the settings."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from core.errors import StorageAway
from core.parts import photo_links, photo_storage
from core.photos.storage import LocalPhotoStorage
from core.photos.supabase_storage import SupabasePhotoStorage
from core.settings import load_settings

PROJECT = {"SUPABASE_URL": "https://school.supabase.co", "SUPABASE_SECRET_KEY": "sb_secret_x"}
KEY = "school/student/photo.webp"
PUBLIC_LINK = f"https://school.supabase.co/storage/v1/object/public/student-photos/{KEY}"


@pytest.mark.parametrize("missing", [set(PROJECT), {"SUPABASE_URL"}, {"SUPABASE_SECRET_KEY"}])
def test_photos_are_kept_in_the_data_folder_unless_a_project_and_its_key_are_named(
    missing: set[str], tmp_path: Path
) -> None:
    named = {name: value for name, value in PROJECT.items() if name not in missing}
    settings = load_settings({"STAFFROOM_DATA_DIR": str(tmp_path), **named})

    with ExitStack() as endings:
        storage = photo_storage(settings, endings)
        storage.put(KEY, b"picture", "image/webp")

    assert isinstance(storage, LocalPhotoStorage)
    assert (tmp_path / "photos" / KEY).read_bytes() == b"picture"
    assert photo_links(settings, storage).link(KEY) is None


def test_a_project_s_bucket_is_let_go_of_at_the_end_and_its_public_links_ask_nobody() -> None:
    settings = load_settings(PROJECT)

    with ExitStack() as endings:
        storage = photo_storage(settings, endings)

    assert isinstance(storage, SupabasePhotoStorage)
    assert photo_links(settings, storage).link(KEY) == PUBLIC_LINK
    with pytest.raises(StorageAway):
        storage.get(KEY)


def test_in_a_private_bucket_links_have_to_be_asked_for() -> None:
    settings = load_settings({**PROJECT, "PHOTO_BUCKET_ACCESS": "private"})

    with ExitStack() as endings:
        storage = photo_storage(settings, endings)

    with pytest.raises(StorageAway):
        photo_links(settings, storage).link(KEY)
