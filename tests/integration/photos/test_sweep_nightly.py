"""The sweep that workers do by themselves: one of them, once a night."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from core.bootstrap import build_app, build_worker
from core.errors import DatabaseAway
from core.photos.storage import LocalPhotoStorage
from core.photos.sweep import nightly as nightly_module
from core.photos.sweep.check import Found, RowCheck
from core.photos.sweep.nightly import NightlySweep
from core.settings import load_settings
from tests.integration.photos.studio import Studio, wait_until
from tests.integration.photos.sweeping import orphan, portrait
from tests.postgres import Addresses

NIGHTS = "select defer_timestamp from procrastinate.procrastinate_periodic_defers where task_name = 'sweep'"


def nightly(studio: Studio) -> NightlySweep:
    return NightlySweep(
        database=studio.database, storage=studio.storage, spool=studio.spool, first_look_s=0.01, look_every_s=0.01
    )


def test_of_many_workers_one_sweeps(studio: Studio) -> None:
    with ThreadPoolExecutor(8) as threads:
        reports = list(threads.map(lambda _: nightly(studio).sweep_if_due(), range(8)))

    assert sum(report is not None for report in reports) == 1
    assert nightly(studio).sweep_if_due() is None


def test_the_next_night_it_is_due_again(studio: Studio) -> None:
    nightly(studio).sweep_if_due()
    studio.run("update procrastinate.procrastinate_periodic_defers set defer_timestamp = defer_timestamp - 86400")

    assert nightly(studio).sweep_if_due() is not None

    assert len(studio.rows(NIGHTS)) == 1


@pytest.mark.parametrize("zone", ["Asia/Singapore", "America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
def test_a_night_begins_at_three_where_the_school_is(studio: Studio, zone: str) -> None:
    studio.run("update schools set time_zone = :zone", zone=zone)

    nightly(studio).sweep_if_due()

    began_at = datetime.fromtimestamp(studio.one(NIGHTS).defer_timestamp, UTC)
    local = began_at.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute, local.second) == (3, 0, 0)
    # A day in which the clocks change is an hour longer.
    assert timedelta(0) <= datetime.now(UTC) - began_at < timedelta(hours=25)


def test_without_a_school_there_is_nothing_to_do(studio: Studio) -> None:
    studio.run("delete from schools")

    assert nightly(studio).sweep_if_due() is None


def test_what_it_finds_is_logged_by_id_and_not_repaired(studio: Studio) -> None:
    job_id = portrait(studio)
    orphan(studio, job_id)
    studio.run("update students set profile_photo = '/app/static/photos/gone' where id = :id", id=studio.cast.ana)

    with capture_logs() as logged:
        report = nightly(studio).sweep_if_due()

    assert report is not None
    (line,) = logged
    assert line["log_level"] == "warning"
    assert line["counts"] == {"shown_differs": 1}
    assert line["ids"] == {"shown_differs": [str(studio.cast.ana)]}
    assert report.left == report.findings


def test_it_runs_in_a_thread_of_its_own_until_it_is_stopped(studio: Studio) -> None:
    companion = nightly(studio)

    companion.start()
    wait_until(lambda: len(studio.rows(NIGHTS)) == 1)
    companion.stop()

    assert companion._thread is not None
    assert not companion._thread.is_alive()


class SlowStore(LocalPhotoStorage):
    """One whose list of files takes until somebody asks for it to end."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.is_listing = threading.Event()
        self.listed = 0

    def keys(self) -> Iterator[str]:
        self.is_listing.set()
        for self.listed in range(10_000):
            sleep(0.01)
            yield f"{self.listed}.webp"


def test_a_sweep_that_is_stopped_ends_soon_and_leaves_the_night_to_another_worker(
    studio: Studio, tmp_path: Path
) -> None:
    store = SlowStore(tmp_path)
    companion = replace(nightly(studio), storage=store)
    companion.start()
    assert store.is_listing.wait(60)

    companion.request_stop()
    companion.stop()

    assert store.listed < 9_000
    assert studio.rows(NIGHTS) == []
    assert nightly(studio).sweep_if_due() is not None


def test_no_further_check_is_begun_once_it_is_stopped(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    companion = nightly(studio)
    begun = []

    def look_and_stop(*_: object) -> list[Found]:
        begun.append("a check")
        companion.request_stop()
        return []

    monkeypatch.setattr(RowCheck, "look", look_and_stop)

    assert companion.sweep_if_due() is None
    assert begun == ["a check"]


def test_a_night_whose_sweep_lost_the_database_is_made_up_for(studio: Studio) -> None:
    companion = nightly(studio)
    with mock.patch.object(nightly_module, "sweep", side_effect=DatabaseAway), pytest.raises(DatabaseAway):
        companion.sweep_if_due()
    assert nightly(studio).sweep_if_due() is None

    assert companion.sweep_if_due() is not None

    assert companion.sweep_if_due() is None


@pytest.mark.parametrize("mode", ["demo", "production"])
def test_each_worker_has_it_beside_it(addresses: Addresses, tmp_path: Path, mode: str) -> None:
    settings = load_settings(
        {
            "STAFFROOM_MODE": mode,
            "STAFFROOM_DATA_DIR": str(tmp_path),
            "DATABASE_URL": addresses.app,
            "WORKER_DATABASE_URL": addresses.worker,
        }
    )
    with closing(build_app(settings)) as app:
        companions = build_worker(app).companions

    assert sum(isinstance(one, NightlySweep) for one in companions) == 1
