"""Signed links: kept while they are surely good, asked for together, and never remembered as missing."""

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.errors import StorageAway, StorageRefused
from core.photos.links import PhotoLinks
from core.photos.storage import LocalPhotoStorage

LIFE_S = 3600
GENEROUS_S = 30


@dataclass
class Signing(LocalPhotoStorage):
    """Signs what it is asked for, each time anew; answers only while `goes_on` is set."""

    asked: list[set[str]] = field(default_factory=list)
    trouble: Exception | None = None
    missing: frozenset[str] = frozenset()
    goes_on: threading.Event = field(default_factory=threading.Event)
    is_asked: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(Path("unused"))
        self.goes_on.set()

    def links(self, keys: Collection[str]) -> dict[str, str]:
        self.asked.append(set(keys))
        self.is_asked.set()
        assert self.goes_on.wait(GENEROUS_S)
        if self.trouble is not None:
            raise self.trouble
        return {key: f"https://photos.example/{key}?{len(self.asked)}" for key in keys if key not in self.missing}


class Public(LocalPhotoStorage):
    def public_url(self, key: str) -> str | None:
        return f"https://photos.example/{key}"

    def links(self, keys: Collection[str]) -> dict[str, str]:
        raise AssertionError(keys)


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store() -> Signing:
    return Signing()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(store: Signing, clock: Clock) -> PhotoLinks:
    return PhotoLinks(store, signed_for_s=LIFE_S, most=100, clock=clock)


@contextmanager
def held(store: Signing, links: PhotoLinks, *keys: str) -> Iterator[list["Future[str | None]"]]:
    """While the store answers nothing: the first question is under way, and those for the other keys wait."""
    store.goes_on.clear()
    with ThreadPoolExecutor(len(keys)) as threads:
        waiting = [threads.submit(links.link, keys[0])]
        assert store.is_asked.wait(GENEROUS_S)
        waiting += [threads.submit(links.link, key) for key in keys[1:]]
        wait_until(lambda: links.waiting == set(keys[1:]))
        yield waiting
        store.goes_on.set()


def wait_until(claim: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(GENEROUS_S * 100):
        if claim():
            return
        pause.wait(0.01)
    raise AssertionError("gave up waiting")


def test_a_link_stays_the_same_for_half_of_its_life_and_is_another_one_then(
    store: Signing, links: PhotoLinks, clock: Clock
) -> None:
    first = links.link("a.webp")
    clock.now += LIFE_S / 2 - 1
    assert links.link("a.webp") == first

    clock.now += 1
    assert links.link("a.webp") != first
    assert store.asked == [{"a.webp"}, {"a.webp"}]


def test_what_is_likely_asked_for_next_is_asked_for_along_with_it_and_only_where_it_is_missing(
    store: Signing, links: PhotoLinks
) -> None:
    links.link("b.webp")

    links.link("a.webp", lambda: ["a.webp", "b.webp", "c.webp"])
    assert links.link("c.webp", lambda: pytest.fail("looked up for a link that is kept")) is not None

    assert store.asked == [{"b.webp"}, {"a.webp", "c.webp"}]


def test_all_who_come_while_a_question_is_under_way_share_the_next_one(store: Signing, links: PhotoLinks) -> None:
    with held(store, links, "a.webp", "b.webp", "c.webp", "d.webp") as waiting:
        pass

    assert [one.result(GENEROUS_S) for one in waiting] == [
        "https://photos.example/a.webp?1",
        *(f"https://photos.example/{name}.webp?2" for name in "bcd"),
    ]
    assert store.asked == [{"a.webp"}, {"b.webp", "c.webp", "d.webp"}]


def test_whoever_waited_for_what_another_question_brought_along_asks_nothing(store: Signing, links: PhotoLinks) -> None:
    store.goes_on.clear()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(links.link, "a.webp", lambda: ["b.webp"])
        assert store.is_asked.wait(GENEROUS_S)
        second = threads.submit(links.link, "b.webp")
        wait_until(lambda: links.waiting == {"b.webp"})
        store.goes_on.set()
        assert first.result(GENEROUS_S) is not None
        assert second.result(GENEROUS_S) is not None

    assert store.asked == [{"a.webp", "b.webp"}]


@pytest.mark.parametrize("trouble", [StorageAway(), StorageRefused("No right.")])
def test_an_outage_is_told_to_all_who_wait_at_once_and_is_not_remembered(
    store: Signing, links: PhotoLinks, trouble: Exception
) -> None:
    store.trouble = trouble
    with held(store, links, "a.webp", "b.webp", "c.webp") as waiting:
        pass
    for one in waiting:
        with pytest.raises(type(trouble)):
            one.result(GENEROUS_S)
    assert store.asked == [{"a.webp"}]

    store.trouble = None
    assert links.link("b.webp") is not None


def test_a_look_up_that_fails_keeps_nobody_waiting_and_the_next_may_ask(links: PhotoLinks) -> None:
    def broken() -> Collection[str]:
        raise StorageAway

    with pytest.raises(StorageAway):
        links.link("a.webp", broken)

    assert links.link("a.webp") is not None


def test_a_file_that_is_not_there_has_no_link_and_is_looked_for_again(store: Signing, links: PhotoLinks) -> None:
    store.missing = frozenset({"a.webp"})
    assert links.link("a.webp") is None

    store.missing = frozenset()
    assert links.link("a.webp") is not None


def test_the_oldest_are_forgotten_where_there_are_too_many(store: Signing, clock: Clock) -> None:
    links = PhotoLinks(store, signed_for_s=LIFE_S, most=3, clock=clock)

    for name in "abcd":
        links.link(f"{name}.webp")
    links.link("b.webp")
    links.link("a.webp")

    assert store.asked == [{f"{name}.webp"} for name in "abcda"]


def test_more_at_once_than_are_kept_still_all_get_theirs(store: Signing, clock: Clock) -> None:
    links = PhotoLinks(store, signed_for_s=LIFE_S, most=1, clock=clock)

    assert links.link("a.webp", lambda: ["b.webp", "c.webp"]) is not None


def test_public_links_ask_nobody_and_files_of_this_machine_have_none() -> None:
    assert PhotoLinks(Public(Path("unused"))).link("a.webp") == "https://photos.example/a.webp"
    assert PhotoLinks(LocalPhotoStorage(Path("unused"))).link("a.webp", lambda: pytest.fail("looked up")) is None
