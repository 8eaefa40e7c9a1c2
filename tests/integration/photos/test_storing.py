"""After a paid reply: the store may be away, the image may lie elsewhere, and nothing is lost."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from structlog.testing import capture_logs

from core.clients.image_fetch import ImageFetch
from core.clients.openai_images import OpenAIImages
from core.demo.faults import Fault
from core.errors import StorageAway, StorageRefused
from core.photos.copying import copy_to, named_pictures
from core.photos.maker import PortraitMaker
from core.photos.spool import Spool
from core.photos.storage import LocalPhotoStorage
from tests.integration.photos.studio import Studio


@dataclass
class StoreAway:
    """A store that takes nothing while `is_away`, and then what the real one takes."""

    store: LocalPhotoStorage
    is_away: bool = True
    error: StorageAway = field(default_factory=StorageAway)

    def put(self, key: str, data: bytes, content_type: str) -> None:
        if self.is_away:
            raise self.error
        self.store.put(key, data, content_type)

    def get(self, key: str) -> bytes:
        return self.store.get(key)

    def delete(self, keys: Iterable[str]) -> None:
        self.store.delete(keys)

    def keys(self) -> Iterator[str]:
        return self.store.keys()

    def public_url(self, key: str) -> str | None:
        return self.store.public_url(key)

    def links(self, keys: Collection[str]) -> dict[str, str]:
        return self.store.links(keys)


class NoSpool(Spool):
    """A disk that fails just when the reply has come."""

    def write(self, job_id: object, attempt: int, body: bytes) -> None:  # noqa: ARG002 - as the real one
        raise StorageAway


def test_a_portrait_waits_for_the_store_and_is_paid_once(studio: Studio) -> None:
    away = StoreAway(studio.storage)
    maker = storing_in(studio, away)
    job_id = studio.ask()

    come_back_at = maker.make(job_id)

    job = studio.job(job_id)
    assert come_back_at is not None
    assert (job.state, job.wait_reason, job.error_code) == ("received", "storage", "storage_away")
    assert studio.count("photo_replies") == 1
    assert [row.state for row in studio.attempts(job_id)] == ["reserved"]

    away.is_away = False
    assert maker.make(job_id) is None
    job = studio.job(job_id)
    assert (job.state, job.wait_reason, job.error_code) == ("done", None, None)
    assert [row.state for row in studio.attempts(job_id)] == ["settled"]
    assert studio.stand_in.ledger.requests == 1


def test_a_portrait_that_the_store_refuses_waits_until_an_operator_mended_it(studio: Studio) -> None:
    away = StoreAway(studio.storage, error=StorageRefused("There is no bucket."))
    maker = storing_in(studio, away)
    job_id = studio.ask()

    with capture_logs() as logs:
        come_back_at = maker.make(job_id)

    job = studio.job(job_id)
    assert come_back_at is not None
    assert (job.state, job.wait_reason, job.error_code) == ("received", "storage", "storage_refused")
    assert studio.count("photo_replies") == 1
    assert [line["reason"] for line in logs if line["event"] == "not_stored"] == [str(away.error)]

    away.is_away = False
    assert maker.make(job_id) is None
    assert (studio.state(job_id), studio.stand_in.ledger.requests) == ("done", 1)


def test_a_long_outage_is_asked_about_less_often_than_a_short_one(studio: Studio) -> None:
    maker = storing_in(studio, StoreAway(studio.storage))
    job_id = studio.ask()
    maker.make(job_id)

    def waits_s(after: timedelta) -> float:
        now = datetime.now(UTC) + after
        come_back_at = replace(maker, finisher=replace(maker.finisher, now=lambda: now)).make(job_id)
        assert come_back_at is not None
        return (come_back_at - now).total_seconds()

    assert waits_s(timedelta(0)) == 10
    assert 30 <= waits_s(timedelta(minutes=2)) < 35
    assert waits_s(timedelta(hours=5)) == 60


def test_a_spool_that_can_not_be_written_does_not_lose_the_reply(studio: Studio) -> None:
    maker = replace(studio.maker, spool=NoSpool(studio.maker.data_dir / "none"))
    job_id = studio.ask()

    maker.make(job_id)

    assert studio.state(job_id) == "done"


def test_storing_the_same_portrait_twice_changes_nothing(studio: Studio) -> None:
    job_id = studio.make()
    before = (studio.job(job_id), studio.photo(job_id), studio.attempts(job_id))

    assert studio.maker.make(job_id) is None

    assert (studio.job(job_id), studio.photo(job_id), studio.attempts(job_id)) == before


def test_an_image_by_address_comes_from_a_listed_host(studio: Studio, socket_images: OpenAIImages) -> None:
    studio.stand_in.faults.always(Fault.URL_REPLY)
    maker = fetching_from(studio.over(socket_images), "127.0.0.1")
    job_id = studio.ask()

    maker.make(job_id)

    job, (row,) = studio.job(job_id), studio.attempts(job_id)
    assert (job.state, row.cost_source, row.total_tokens) == ("done", "estimated", None)
    assert row.estimated_cost == job.cost_usd > 0
    assert studio.photo(job_id).is_current


def test_an_image_that_was_fetched_outlives_its_address_while_the_store_is_away(
    studio: Studio, socket_images: OpenAIImages
) -> None:
    studio.stand_in.faults.always(Fault.URL_REPLY)
    away = StoreAway(studio.storage)
    fetching = fetching_from(studio.over(socket_images), "127.0.0.1")
    job_id = studio.ask()
    assert replace(fetching, finisher=replace(fetching.finisher, storage=away)).make(job_id) is not None

    gone = fetching_from(studio.maker, "127.0.0.1", timeout_s=0)
    tomorrow = replace(gone.finisher, now=lambda: datetime.now(UTC) + timedelta(days=1))
    assert replace(gone, finisher=tomorrow).make(job_id) is None

    assert (studio.state(job_id), studio.stand_in.ledger.requests) == ("done", 1)
    assert studio.photo(job_id).is_current


def test_an_image_on_an_unlisted_host_is_not_fetched(studio: Studio, socket_images: OpenAIImages) -> None:
    studio.stand_in.faults.always(Fault.URL_REPLY)
    job_id = studio.ask()

    studio.over(socket_images).make(job_id)

    job, (row,) = studio.job(job_id), studio.attempts(job_id)
    assert (job.state, job.error_code) == ("failed", "not_an_image")
    assert (row.cost_source, row.estimated_cost) == ("possible", row.held_cost)


def test_an_address_that_does_not_answer_is_tried_again_until_it_has_surely_gone(
    studio: Studio, socket_images: OpenAIImages
) -> None:
    studio.stand_in.faults.always(Fault.URL_REPLY)
    maker = fetching_from(studio.over(socket_images), "127.0.0.1", timeout_s=0)
    job_id = studio.ask()

    assert maker.make(job_id) is not None
    assert (studio.state(job_id), studio.job(job_id).error_code) == ("received", "image_away")

    tomorrow = replace(maker.finisher, now=lambda: datetime.now(UTC) + timedelta(days=1))
    assert replace(maker, finisher=tomorrow).make(job_id) is None
    assert (studio.state(job_id), studio.job(job_id).error_code) == ("failed", "not_an_image")
    assert studio.stand_in.ledger.requests == 1


def storing_in(studio: Studio, store: StoreAway) -> PortraitMaker:
    return replace(studio.maker, finisher=replace(studio.maker.finisher, storage=store))


def fetching_from(maker: PortraitMaker, host: str, *, timeout_s: float = 5) -> PortraitMaker:
    fetch = ImageFetch(frozenset({host}), allow_loopback_http=True, timeout_s=timeout_s)
    return replace(maker, finisher=replace(maker.finisher, fetch=fetch))


def test_a_backup_knows_the_store_by_the_pictures_that_people_may_look_at(studio: Studio, tmp_path: Path) -> None:
    photo = studio.photo(studio.make())

    named = named_pictures(studio.database)

    assert named == {photo.storage_key}
    assert copy_to(tmp_path / "copy", studio.storage, named=named).new == 2
