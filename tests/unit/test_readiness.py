import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import anyio
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.bootstrap import App
from core.errors import DatabaseAway, PhotoGone, StorageAway
from core.photos.storage import LocalPhotoStorage, require_storage
from core.server.readiness import Readiness, checks_of, readiness_route
from core.settings import load_settings


class Checks:
    """Two checks; `trouble` is what the database's does instead of being well."""

    def __init__(self) -> None:
        self.looks = 0
        self.trouble: Callable[[], object] = lambda: None

    def __call__(self) -> dict[str, Callable[[], None]]:
        return {"database": self._database, "storage": lambda: None}

    def _database(self) -> None:
        self.looks += 1
        self.trouble()


@pytest.fixture
def checks() -> Checks:
    return Checks()


def balancer(readiness: Readiness, *, is_ending: bool = False) -> TestClient:
    return TestClient(Starlette(routes=[readiness_route(readiness, is_ending=lambda: is_ending)]))


def raises(error: Exception) -> Callable[[], object]:
    def trouble() -> None:
        raise error

    return trouble


def test_a_process_that_is_ready_names_what_it_looked_at(checks: Checks) -> None:
    reply = balancer(Readiness(checks)).get("/readyz")

    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-store")
    assert reply.json() == {"status": "ok", "checks": {"serving": "ok", "database": "ok", "storage": "ok"}}


def test_a_fault_is_named_without_its_words(checks: Checks) -> None:
    checks.trouble = raises(DatabaseAway("postgresql://app:secret@db.example/school"))

    reply = balancer(Readiness(checks)).get("/readyz")

    assert reply.status_code == 503
    assert reply.json() == {"status": "fault", "checks": {"serving": "ok", "database": "fault", "storage": "ok"}}


def test_a_process_that_ends_is_given_no_more_visitors(checks: Checks) -> None:
    reply = balancer(Readiness(checks), is_ending=True).get("/readyz")

    assert (reply.status_code, reply.json()["checks"]["serving"]) == (503, "fault")


def test_many_who_ask_cause_one_look_in_a_while(checks: Checks) -> None:
    with balancer(Readiness(checks, remembered_s=60)) as often:
        assert {often.get("/readyz").status_code for _ in range(5)} == {200}
    with balancer(Readiness(checks, remembered_s=0)) as seldom:
        seldom.get("/readyz")
        seldom.get("/readyz")

    assert checks.looks == 1 + 2


@pytest.fixture
def hanging(checks: Checks) -> Iterator[threading.Event]:
    """A database that answers once this is set."""
    let_go = threading.Event()
    checks.trouble = lambda: let_go.wait(60)
    yield let_go
    let_go.set()


def test_what_hangs_is_a_fault_in_time_and_is_not_looked_at_twice(checks: Checks, hanging: threading.Event) -> None:
    with balancer(Readiness(checks, longest_s=0.7, remembered_s=0)) as client:
        began = time.monotonic()
        states = [client.get("/readyz").json()["checks"] for _ in range(2)]

        assert time.monotonic() - began < 30
        assert states == [{"serving": "ok", "database": "fault", "storage": "ok"}] * 2
        assert checks.looks == 1
        hanging.set()
        assert client.get("/readyz").status_code == 200


def test_while_one_thing_hangs_many_who_ask_cause_one_look_at_the_others(checks: Checks) -> None:
    let_go = threading.Event()

    def wait() -> None:
        let_go.wait(60)

    both = {**checks(), "storage": wait}
    readiness = Readiness(lambda: both, longest_s=0.2, remembered_s=60)

    async def asked_one_after_the_other() -> None:
        async with anyio.create_task_group() as visitors:
            for _ in range(5):
                visitors.start_soon(readiness.states)
                await anyio.sleep(0.02)

    anyio.run(asked_one_after_the_other)
    let_go.set()

    assert checks.looks == 1


@pytest.mark.parametrize("answer", [b"something else", PhotoGone(), StorageAway()])
def test_a_store_that_gives_back_another_thing_is_away(tmp_path: Path, answer: bytes | Exception) -> None:
    class Broken(LocalPhotoStorage):
        def get(self, _key: str) -> bytes:
            if isinstance(answer, Exception):
                raise answer
            return answer

    store = Broken(tmp_path)

    with pytest.raises(StorageAway):
        require_storage(store)
    assert list(store.keys()) == []


@pytest.mark.parametrize(
    ("project", "checked"),
    [
        ({}, {"database", "migrations", "queue", "storage"}),
        (
            {"SUPABASE_URL": "https://school.supabase.co", "SUPABASE_SECRET_KEY": "sb_secret_x"},
            {"database", "migrations", "queue"},
        ),
    ],
)
def test_a_bucket_that_is_away_for_all_servers_takes_none_of_them_out(
    project: dict[str, str], checked: set[str]
) -> None:
    app = SimpleNamespace(settings=load_settings(project), addresses=None, storage=None)

    assert set(checks_of(cast("App", app))) == checked
