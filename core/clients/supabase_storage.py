"""Supabase Storage by its own package: one bucket, with the project's secret key."""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from types import TracebackType
from typing import Self, TypeVar

import httpx
from storage3 import SyncStorageClient
from storage3.types import CreateOrUpdateBucketOptions, SearchV2Options
from supabase import create_client
from supabase.lib.client_options import SyncClientOptions

from core.clients.supabase_storage_errors import BucketMissing, note, translated
from core.errors import StorageAway, StorageRefused

PATIENCE = httpx.Timeout(connect=5, read=20, write=20, pool=5)
# For whoever only wants to know whether it works.
SHORT_PATIENCE = httpx.Timeout(connect=2, read=2.5, write=2.5, pool=2)
# As sql/supabase/config.toml declares them.
FILE_SIZE_LIMIT = 10 * 1024 * 1024
MIME_TYPES = ("image/jpeg", "image/png", "image/webp")
# Seconds, before which the server puts `max-age=`. The network of caches before the bucket goes by it too, also once a
# file is erased, its link has ended or the bucket is private; so no longer than a signed link opens.
CACHED_FOR = "3600"
KEYS_A_PAGE = 1000
KEYS_A_CALL = 500
TRY_AGAIN_S = (0.2, 0.8)
# A call that took longer did not stumble: the store hangs, and whoever waits has waited enough.
STUMBLES_WITHIN_S = 3.0

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class BucketState:
    """What the project says of its bucket; None stands for no limit."""

    exists: bool
    is_public: bool = False
    file_size_limit: int | None = None
    allowed_mime_types: tuple[str, ...] | None = None


class Bucket:
    """One bucket, for all threads of a process.

    Each call raises StorageAway where a later one may succeed, and StorageRefused where an operator has to change
    something first. Any of them may be made twice: the second leaves what the first left.
    """

    def __init__(
        self,
        *,
        http: httpx.Client,
        storage: SyncStorageClient,
        name: str,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._http = http
        self._storage = storage
        self._files = storage.from_(name)
        self._sleep = sleep
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def upload(self, key: str, data: bytes, content_type: str) -> None:
        """Puts the file over what was there."""
        self._call(
            lambda: self._files.upload(
                key, data, {"content-type": content_type, "cache-control": CACHED_FOR, "upsert": "true"}
            )
        )

    def download(self, key: str) -> bytes:
        """Raises PhotoGone where there is none."""
        return self._call(lambda: self._files.download(key))

    def remove(self, keys: Collection[str]) -> None:
        """One that is not there is no error."""
        for some in _parts(keys):
            self._call(partial(self._remove, some))

    def every_key(self) -> Iterator[str]:
        """However deep it lies, a page at a time."""
        options: SearchV2Options = {"limit": KEYS_A_PAGE, "with_delimiter": False}
        while True:
            page = self._call(partial(self._files.list_v2, options))
            yield from (found.key or found.name for found in page.objects)
            if not page.hasNext or page.nextCursor in {None, options.get("cursor")}:
                return
            options = {**options, "cursor": page.nextCursor or ""}

    def public_url(self, key: str) -> str:
        """Asks nobody: it opens only where the bucket is public and has the file."""
        return self._files.get_public_url(key)

    def signed_urls(self, keys: Collection[str], *, lives_s: int) -> dict[str, str]:
        """Addresses that anyone may open until they expire; a file that is not there is left out."""
        found: dict[str, str] = {}
        for some in _parts(keys):
            for link in self._call(partial(self._files.create_signed_urls, some, lives_s)):
                if link["signedURL"] is not None:
                    found[link["path"]] = link["signedURL"]
        return found

    def described(self) -> BucketState:
        """As the project has it now."""
        try:
            found = self._call(lambda: self._storage.get_bucket(self.name))
        except BucketMissing:
            return BucketState(exists=False)
        types = found.allowed_mime_types
        return BucketState(
            exists=True,
            is_public=found.public,
            file_size_limit=found.file_size_limit,
            allowed_mime_types=tuple(types) if types else None,
        )

    def set_up(self, *, is_public: bool) -> bool:
        """Makes the bucket, or brings it to its limits and access; True where it was not there."""
        options: CreateOrUpdateBucketOptions = {
            "public": is_public,
            "file_size_limit": FILE_SIZE_LIMIT,
            "allowed_mime_types": list(MIME_TYPES),
        }
        if self.described().exists:
            self._call(lambda: self._storage.update_bucket(self.name, options))
            return False
        self._call(lambda: self._storage.create_bucket(self.name, options=options))
        return True

    def _remove(self, keys: list[str]) -> None:
        # The package looks at no answer of this; with status 200 it may still be a proxy's.
        if not isinstance(self._files.remove(keys), list):
            raise StorageAway

    def _call(self, ask: Callable[[], Answer]) -> Answer:
        """Tries a stumble again, briefly."""
        waits_s = iter(TRY_AGAIN_S)
        while True:
            started = self._clock()
            try:
                return self._once(ask)
            except StorageAway as error:
                has_stumbled = self._clock() - started < STUMBLES_WITHIN_S and not isinstance(error, StorageRefused)
                wait_s = next(waits_s, None) if has_stumbled else None
                if wait_s is None:
                    note(error)
                    raise
            self._sleep(wait_s)

    def _once(self, ask: Callable[[], Answer]) -> Answer:
        # The package's own error for it would be one of the program.
        if self._http.is_closed:
            raise StorageAway
        with translated(self.name):
            return ask()


def build_bucket(
    *,
    url: str,
    secret_key: str,
    name: str,
    timeout: httpx.Timeout = PATIENCE,
    sleep: Callable[[float], None] = time.sleep,
) -> Bucket:
    """One pool of connections; nobody signs in with this client, so that it stays the secret key's."""
    http = httpx.Client(http2=False, timeout=timeout)
    options = SyncClientOptions(auto_refresh_token=False, persist_session=False, httpx_client=http)
    return Bucket(http=http, storage=create_client(url, secret_key, options).storage, name=name, sleep=sleep)


def _parts(keys: Collection[str]) -> Iterator[list[str]]:
    left = iter(keys)
    while part := list(islice(left, KEYS_A_CALL)):
        yield part
