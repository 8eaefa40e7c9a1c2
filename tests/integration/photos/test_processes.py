"""The real programs: the app killed in the midst of its work, and what a worker's log says."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core.demo.faults import Fault
from tests.e2e.browsing import running_app
from tests.integration.photos.programs import KEY, STAFFROOM, environment
from tests.integration.photos.studio import Studio, served, wait_until, was_delivered_again

pytestmark = pytest.mark.processes

BUSY = {"reserved", "calling"}


def test_after_kill_9_of_the_app_the_next_start_ends_every_job_by_itself(studio: Studio, tmp_path: Path) -> None:
    studio.stand_in.faults.upcoming(Fault.HANG_BILLED)
    with served(studio.stand_in) as provider:
        settings: dict[str, Any] = {
            **environment(studio, provider),
            # Nobody signs in, but no server starts without a way to.
            "STAFFROOM_SECRET_KEY": "k" * 32,
            "OIDC_ISSUER": "https://accounts.example",
            "OIDC_CLIENT_ID": "staffroom",
            "PUBLIC_URL": "https://staffroom.example",
            "RUN_WORKER_IN_APP": "true",
            "WORKER_CONCURRENCY": "1",
        }
        with running_app(tmp_path, **settings) as running:
            in_flight = studio.ask()
            wait_until(lambda: studio.stand_in.ledger.billed_images == 1)
            waiting = studio.ask(studio.cast.bala, person=studio.cast.arjun)
            running.process.kill()
            running.process.wait(60)
        assert (studio.state(in_flight), studio.state(waiting)) == ("calling", "queued")

        with running_app(tmp_path, **settings):
            wait_until(lambda: studio.state(waiting) == "done")
            wait_until(lambda: studio.state(in_flight) == "unconfirmed")

    assert studio.attempts(in_flight)[0].cost_source == "possible"
    assert studio.stand_in.ledger.requests == studio.stand_in.ledger.billed_images == 2


def test_a_workers_log_names_nobody_and_tells_no_secret(studio: Studio, tmp_path: Path) -> None:
    faults = [Fault.NONE, Fault.UNAUTHORIZED, Fault.DROP_AFTER_HEADERS, Fault.HTML_200, Fault.RATE_LIMITED]
    studio.stand_in.faults.upcoming(*faults)
    jobs = [studio.ask(student) for student in studio.enrol(len(faults))]
    # The database's complaint about this holds the whole row, the prompt included.
    studio.run("alter table photos drop column width")

    with served(studio.stand_in) as provider:
        log = log_of_a_worker(studio, tmp_path, provider)

    prompts = {studio.job(job_id).options["asked"]["prompt"] for job_id in jobs}
    assert "tried again" in log
    for secret in (KEY, "Student 0", "Mei Tan", "mei.tan", studio.addresses.worker, *prompts):
        assert secret not in log


def log_of_a_worker(studio: Studio, folder: Path, provider: str) -> str:
    """Of a process that ran until every call was made, and was then asked to end."""
    worker = subprocess.Popen(
        [STAFFROOM, "worker"],
        env={**os.environ, **environment(studio, provider), "STAFFROOM_DATA_DIR": str(folder), "LOG_LEVEL": "debug"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until(lambda: was_delivered_again(studio))
        wait_until(
            lambda: all(job.attempt and job.state not in BUSY for job in studio.rows("select * from photo_jobs"))
        )
    finally:
        worker.terminate()
        log, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0
    return log
