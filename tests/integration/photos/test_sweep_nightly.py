"""The sweep that workers do by themselves: one of them, once a night."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from core.bootstrap import build_app, build_worker
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
