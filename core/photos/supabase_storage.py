"""Portraits in a bucket of Supabase Storage."""

from collections.abc import Collection, Iterable, Iterator

from core.clients.supabase_storage import Bucket
from core.photos.storage import KEY, checked_key
from core.settings import BucketAccess

LINK_LIVES_S = 3600


class SupabasePhotoStorage:
    """Keeps photos in one bucket, written by the app alone; browsers fetch them from Supabase itself."""

    def __init__(self, *, bucket: Bucket, access: BucketAccess) -> None:
        self._bucket = bucket
        self._access = access

    def put(self, key: str, data: bytes, content_type: str) -> None:
        self._bucket.upload(checked_key(key), data, content_type)

    def get(self, key: str) -> bytes:
        return self._bucket.download(checked_key(key))

    def delete(self, keys: Iterable[str]) -> None:
        self._bucket.remove([checked_key(key) for key in keys])

    def keys(self) -> Iterator[str]:
        # What somebody put there by hand is none of ours.
        return (key for key in self._bucket.every_key() if KEY.fullmatch(key))

    def public_url(self, key: str) -> str | None:
        checked_key(key)
        return self._bucket.public_url(key) if self._access is BucketAccess.PUBLIC else None

    def links(self, keys: Collection[str]) -> dict[str, str]:
        """Signed ones open for LINK_LIVES_S; public ones for ever, and are not looked for."""
        wanted = [checked_key(key) for key in keys]
        if self._access is BucketAccess.PUBLIC:
            return {key: self._bucket.public_url(key) for key in wanted}
        return self._bucket.signed_urls(wanted, lives_s=LINK_LIVES_S)
