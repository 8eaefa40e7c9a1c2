"""A look at the bucket: as we use it, and as somebody without any right would."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote
from uuid import uuid4

from core.clients.probe import Prober
from core.clients.supabase_storage import Bucket, BucketState
from core.errors import AppError, PhotoGone, StorageAway, StorageRefused, Unreachable
from core.log import told_elsewhere
from core.photos.storage import LocalPhotoStorage
from core.photos.supabase_storage import SupabasePhotoStorage
from core.settings import Settings

_CONTENT = b"ready"
MOST_LOOKED_FOR = 500


@dataclass(frozen=True)
class BucketFacts:
    """`refusal` is why a test file could not be kept; what is None was not asked."""

    state: BucketState
    refusal: str | None = None
    is_listed_to_anyone: bool | None = None
    link_status: int | None = None
    bare_link_status: int | None = None
    """Of the public address, whatever the access."""
    local: int = 0
    """Files of the data folder that were looked for in the bucket, of which it lacks `only_local`."""
    only_local: int = 0


def look_at_bucket(settings: Settings, bucket: Bucket, prober: Prober) -> BucketFacts:
    """Leaves nothing there; raises Unreachable where the bucket can't even be asked for."""
    # What fails is told here, and not in the log besides.
    with bucket, told_elsewhere():
        try:
            state = bucket.described()
        except StorageAway as error:
            raise _unreachable(error) from error
        if not state.exists:
            return BucketFacts(state)
        return _tried(settings, bucket, prober, state)


def _tried(settings: Settings, bucket: Bucket, prober: Prober, state: BucketState) -> BucketFacts:
    storage = SupabasePhotoStorage(bucket=bucket, access=settings.photo_bucket_access)
    key = f"readiness/{uuid4()}.webp"
    try:
        storage.put(key, _CONTENT, "image/webp")
        try:
            if storage.get(key) != _CONTENT:
                return BucketFacts(state, refusal="What was uploaded does not come back as it was.")
            local = _some_local_keys(settings)
            return BucketFacts(
                state,
                local=len(local),
                only_local=len(local) - len(_found(bucket, local)),
                is_listed_to_anyone=_lists_to_anyone(settings, prober),
                link_status=_status_of(lambda: storage.links([key]).get(key), prober),
                bare_link_status=_status_of(lambda: bucket.public_url(key), prober),
            )
        finally:
            storage.delete([key])
    except (StorageAway, PhotoGone) as error:
        return BucketFacts(state, refusal=_said(error))


def _some_local_keys(settings: Settings) -> list[str]:
    return list(islice(LocalPhotoStorage(settings.data_dir / "photos").keys(), MOST_LOOKED_FOR))


def _found(bucket: Bucket, keys: list[str]) -> dict[str, str]:
    """A link is made for a file that is there, all in one go."""
    return bucket.signed_urls(keys, lives_s=60) if keys else {}


def _lists_to_anyone(settings: Settings, prober: Prober) -> bool | None:
    """With the key that stands in every page of other programs of the project; None where we have none."""
    if settings.supabase_publishable_key is None or settings.supabase_url is None:
        return None
    address = f"{settings.supabase_url.rstrip('/')}/storage/v1/object/list/{quote(settings.photo_bucket)}"
    body = {"prefix": "readiness", "limit": 1, "offset": 0}
    with suppress(Unreachable):
        reply = prober.post(address, body=body, apikey=settings.supabase_publishable_key)
        return reply.status == 200 and bool(reply.json)
    return None


def _status_of(link: Callable[[], str | None], prober: Prober) -> int | None:
    """0 where there is no link, or nobody behind it."""
    address = link()
    with suppress(Unreachable):
        return 0 if address is None else prober.get(address).status
    return 0


def _unreachable(error: StorageAway) -> Unreachable:
    if isinstance(error, StorageRefused):
        return Unreachable("the project refuses us", _said(error))
    return Unreachable("it does not answer", "See SUPABASE_URL, and the status of the project.")


def _said(error: AppError) -> str:
    """Without the advice to run what runs just now."""
    return str(error).partition(" Run `staffroom doctor`")[0]
