"""What the bucket's client sends, and what it makes of every answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest
from structlog.testing import capture_logs

from core.clients.supabase_storage import FILE_SIZE_LIMIT, KEYS_A_PAGE, MIME_TYPES, Bucket, BucketState, build_bucket
from core.errors import AppError, PhotoGone, StorageAway, StorageRefused
from core.photos.supabase_storage import LINK_LIVES_S, SupabasePhotoStorage
from core.settings import BucketAccess
from tests.storage_stand_in import SECRET, Fault, StorageStandIn, StoredFile

NAME, WEBP = "student-photos", "image/webp"
KEY, OTHER = "school/student/one.webp", "school/student/other.webp"
STUMBLES = [
    Fault.CUT,
    Fault.CUT_HALF_WAY,
    Fault.BROKEN,
    Fault.GATEWAY,
    Fault.DATABASE_TIMEOUT,
    Fault.BUSY,
    Fault.LOCKED,
    Fault.DUPLICATE,
    Fault.PAGE,
    Fault.OTHER_JSON,
]
REFUSALS = {
    Fault.FORBIDDEN: "SUPABASE_SECRET_KEY",
    Fault.WRONG_KEY: "SUPABASE_SECRET_KEY",
    Fault.TOO_LARGE: "larger than the bucket student-photos",
    Fault.WRONG_TYPE: "kind of image",
    Fault.OVER_QUOTA: "quota",
    Fault.PAUSED: "paused",
    Fault.NOT_STORAGE: "not Supabase Storage",
    Fault.MOVED: "not Supabase Storage",
}


@pytest.fixture(scope="module")
def served() -> Iterator[StorageStandIn]:
    with StorageStandIn().served() as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(served: StorageStandIn) -> StorageStandIn:
    served.reset()
    return served


@pytest.fixture
def bucket(stand_in: StorageStandIn) -> Iterator[Bucket]:
    with bucket_of(stand_in) as bucket:
        yield bucket


def bucket_of(stand_in: StorageStandIn, *, key: str = SECRET, name: str = NAME, timeout_s: float = 20) -> Bucket:
    return build_bucket(
        url=stand_in.address,
        secret_key=key,
        name=name,
        timeout=httpx.Timeout(timeout_s),
        sleep=lambda _seconds: None,
    )


def put(bucket: Bucket) -> None:
    bucket.upload(KEY, b"picture", WEBP)


def test_a_photo_goes_up_with_its_type_and_caches_keep_it_no_longer_than_a_link_opens(
    bucket: Bucket, stand_in: StorageStandIn
) -> None:
    put(bucket)

    assert stand_in.files[KEY] == StoredFile(b"picture", WEBP, f"max-age={LINK_LIVES_S}")


@pytest.mark.parametrize("fault", STUMBLES)
def test_a_stumble_is_tried_again_at_once(bucket: Bucket, stand_in: StorageStandIn, fault: Fault) -> None:
    stand_in.faults = [fault, fault]

    put(bucket)

    assert stand_in.files[KEY].data == b"picture"
    assert stand_in.asked("POST") == 3


@pytest.mark.parametrize("fault", STUMBLES)
def test_a_store_that_goes_on_stumbling_is_away(bucket: Bucket, stand_in: StorageStandIn, fault: Fault) -> None:
    stand_in.always = fault

    with pytest.raises(StorageAway) as caught:
        put(bucket)

    assert caught.type is StorageAway
    assert stand_in.asked("POST") == 3


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_refusal_is_told_once_with_what_to_do(bucket: Bucket, stand_in: StorageStandIn, fault: Fault) -> None:
    stand_in.always = fault

    with pytest.raises(StorageRefused, match=REFUSALS[fault]):
        put(bucket)

    assert stand_in.asked("POST") == 1


def test_every_call_has_its_errors_translated(bucket: Bucket, stand_in: StorageStandIn) -> None:
    calls: dict[str, Callable[[], object]] = {
        "upload": lambda: put(bucket),
        "download": lambda: bucket.download(KEY),
        "remove": lambda: bucket.remove([KEY]),
        "list": lambda: list(bucket.every_key()),
        "sign": lambda: bucket.signed_urls([KEY], lives_s=60),
        "describe": bucket.described,
        "set up": lambda: bucket.set_up(is_public=True),
    }
    for name, call in calls.items():
        for fault in (Fault.CUT, Fault.BROKEN, Fault.PAGE, Fault.OTHER_JSON, Fault.MOVED, Fault.FORBIDDEN):
            # A file is whatever bytes come.
            if name == "download" and fault in {Fault.PAGE, Fault.OTHER_JSON}:
                continue
            stand_in.always = fault
            with pytest.raises(StorageAway):
                call()


def test_a_put_whose_answer_was_lost_is_made_again_over_itself(bucket: Bucket, stand_in: StorageStandIn) -> None:
    stand_in.faults = [Fault.UNANSWERED]

    put(bucket)

    assert (stand_in.asked("POST"), stand_in.files[KEY].data) == (2, b"picture")


def test_a_store_that_hangs_is_not_waited_for_again(stand_in: StorageStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.clients.supabase_storage.STUMBLES_WITHIN_S", 0.01)
    stand_in.always = Fault.HANG

    with bucket_of(stand_in, timeout_s=0.1) as bucket, pytest.raises(StorageAway):
        put(bucket)

    assert stand_in.asked("POST") == 1


def test_nobody_at_the_address_is_away() -> None:
    with bucket_of(StorageStandIn(address="http://127.0.0.1:9")) as bucket, pytest.raises(StorageAway):
        put(bucket)


def test_after_the_end_the_store_is_away(stand_in: StorageStandIn) -> None:
    bucket = bucket_of(stand_in)
    bucket.close()

    with pytest.raises(StorageAway):
        put(bucket)


def test_a_wrong_key_is_told_apart_from_a_store_that_is_away(stand_in: StorageStandIn) -> None:
    with bucket_of(stand_in, key="sb_secret_of_another") as bucket, pytest.raises(StorageRefused, match="SECRET_KEY"):
        put(bucket)


def test_without_the_bucket_nothing_is_taken_for_gone(stand_in: StorageStandIn) -> None:
    with bucket_of(stand_in, name="elsewhere") as bucket:
        for call in (lambda: put(bucket), lambda: bucket.download(KEY)):
            with pytest.raises(StorageRefused, match="no bucket elsewhere"):
                call()


@pytest.mark.parametrize(
    ("limit", "types", "said"), [(3, None, "larger"), (None, ["image/png"], "kind of image")], ids=["size", "type"]
)
def test_the_bucket_s_own_limits_are_told(
    bucket: Bucket, stand_in: StorageStandIn, limit: int | None, types: list[str] | None, said: str
) -> None:
    stand_in.buckets[NAME] = replace(stand_in.buckets[NAME], file_size_limit=limit, allowed_mime_types=types)

    with pytest.raises(StorageRefused, match=said):
        put(bucket)


def test_a_file_that_is_not_there_is_gone_and_not_asked_for_twice(bucket: Bucket, stand_in: StorageStandIn) -> None:
    with pytest.raises(PhotoGone):
        bucket.download(KEY)

    assert stand_in.asked("GET") == 1


def test_the_log_tells_the_status_and_names_no_file(bucket: Bucket, stand_in: StorageStandIn) -> None:
    stand_in.always = Fault.TOO_LARGE

    with capture_logs() as logs, pytest.raises(AppError):
        put(bucket)

    (line,) = logs
    assert (line["event"], line["code"], line["status"]) == ("storage_failed", "storage_refused", "413")
    assert KEY not in str(line)


def test_keys_of_many_pages_all_come_once(bucket: Bucket, stand_in: StorageStandIn) -> None:
    keys = {f"school/{number % 7}/{number}.webp" for number in range(2 * KEYS_A_PAGE + 1)}
    stand_in.files.update({key: StoredFile(b"", WEBP, "") for key in keys})

    found = list(bucket.every_key())

    assert (set(found), len(found), stand_in.asked("POST")) == (keys, len(keys), 3)


def test_what_others_put_into_the_bucket_is_none_of_ours(bucket: Bucket, stand_in: StorageStandIn) -> None:
    stand_in.files.update({name: StoredFile(b"", WEBP, "") for name in ("Photo 1.PNG", ".emptyFolderPlaceholder", KEY)})

    assert list(SupabasePhotoStorage(bucket=bucket, access=BucketAccess.PUBLIC).keys()) == [KEY]


def test_many_files_are_removed_in_one_call(bucket: Bucket, stand_in: StorageStandIn) -> None:
    for key in (KEY, OTHER):
        bucket.upload(key, b"picture", WEBP)

    bucket.remove([KEY, OTHER, "school/student/none.webp"])

    assert (stand_in.files, stand_in.asked("DELETE")) == ({}, 1)


def test_a_public_link_is_made_without_asking_and_opens(bucket: Bucket, stand_in: StorageStandIn) -> None:
    put(bucket)
    store = SupabasePhotoStorage(bucket=bucket, access=BucketAccess.PUBLIC)
    asked = len(stand_in.seen)

    links = store.links([KEY, OTHER])

    assert len(stand_in.seen) == asked
    assert links[KEY] == store.public_url(KEY) == f"{stand_in.address}/storage/v1/object/public/{NAME}/{KEY}"
    answer = httpx.get(links[KEY])
    assert (answer.content, answer.headers["content-type"]) == (b"picture", WEBP)
    assert httpx.get(links[OTHER]).status_code == 400


def test_private_links_come_in_one_call_without_what_is_not_there_and_expire(
    bucket: Bucket, stand_in: StorageStandIn
) -> None:
    put(bucket)
    stand_in.buckets[NAME].public = False
    store = SupabasePhotoStorage(bucket=bucket, access=BucketAccess.PRIVATE)

    links = store.links([KEY, OTHER])

    assert (store.public_url(KEY), set(links)) == (None, {KEY})
    assert stand_in.asked("POST", "/storage/v1/object/sign/") == 1
    assert httpx.get(links[KEY]).content == b"picture"
    assert httpx.get(bucket.public_url(KEY)).status_code == 400
    stand_in.clock_ahead_s = LINK_LIVES_S + 1
    assert httpx.get(links[KEY]).json()["error"] == "InvalidJWT"


def test_nothing_to_link_to_asks_nobody(bucket: Bucket, stand_in: StorageStandIn) -> None:
    assert SupabasePhotoStorage(bucket=bucket, access=BucketAccess.PRIVATE).links([]) == {}
    assert stand_in.seen == []


@pytest.mark.parametrize("is_public", [True, False])
def test_a_bucket_is_set_up_once_and_then_corrected(stand_in: StorageStandIn, is_public: bool) -> None:
    stand_in.buckets.clear()
    wanted = BucketState(
        exists=True, is_public=is_public, file_size_limit=FILE_SIZE_LIMIT, allowed_mime_types=MIME_TYPES
    )
    with bucket_of(stand_in) as bucket:
        assert bucket.described() == BucketState(exists=False)
        assert bucket.set_up(is_public=is_public)
        assert bucket.described() == wanted

        put(bucket)
        stand_in.buckets[NAME] = replace(stand_in.buckets[NAME], public=not is_public, allowed_mime_types=None)
        assert not bucket.set_up(is_public=is_public)
        assert (bucket.described(), set(stand_in.files)) == (wanted, {KEY})
