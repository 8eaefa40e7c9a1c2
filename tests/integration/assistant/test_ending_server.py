"""SIGTERM to a real server while an answer is being written."""

import json
import sys
from pathlib import Path
from time import sleep
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from core.demo.faults import Fault
from tests.e2e.browsing import Running, running_app
from tests.integration.assistant.desk import Desk
from tests.integration.photos.studio import wait_until
from tests.postgres import Addresses

pytestmark = pytest.mark.processes


def test_what_does_not_finish_in_time_is_saved_and_marked_before_the_server_ends(
    desk: Desk, addresses: Addresses, tmp_path: Path
) -> None:
    desk.stand_in.faults.always(Fault.SILENT_HALFWAY)
    email = desk.owner.exec_driver_sql("select email from staff where full_name = 'Mei Tan'").scalar_one()
    settings: dict[str, Any] = {
        "STAFFROOM_MODE": "production",
        "DATABASE_URL": addresses.app,
        "WORKER_DATABASE_URL": addresses.worker,
        "RUN_WORKER_IN_APP": "true",
        "STAFFROOM_SECRET_KEY": "k" * 32,
        "OIDC_ISSUER": "https://accounts.example",
        "OIDC_CLIENT_ID": "staffroom",
        "OPENAI_API_KEY": "sk-made-up",
        "OPENAI_BASE_URL": desk.address,
    }

    def start(_port: int) -> list[str]:
        return [sys.executable, "-m", "tests.integration.assistant.ending_server", email]

    with running_app(tmp_path, start=start, **settings) as running:
        wait_until(lambda: bool(written(desk)))
        running.process.terminate()
        while (told_balancers := serving(running)) == "ok":
            sleep(0.02)
        status = running.process.wait(60)

    answer = desk.owner.exec_driver_sql("select * from chat_messages where kind = 'answer'").one()
    [attempt] = desk.attempts(answer.id)
    assert (status, answer.state, answer.error_code) == (0, "cut_off", "closing")
    assert answer.note == "Cut off because Staffroom was restarted."
    assert answer.text
    assert (attempt.state, attempt.cost_source) == ("settled", "estimated")
    assert told_balancers == "fault"
    lines = [json.loads(line) for line in (tmp_path / "server.log").read_text().splitlines()]
    assert {"ready", "ending"} <= {line["event"] for line in lines}


def serving(running: Running) -> str:
    """What a balancer hears."""
    try:
        with urlopen(f"{running.address}/readyz") as reply:
            return str(json.load(reply)["checks"]["serving"])
    except HTTPError as error:
        return str(json.load(error)["checks"]["serving"])
    except OSError:
        return "gone"


def written(desk: Desk) -> str | None:
    found = desk.owner.exec_driver_sql("select text from chat_messages where kind = 'answer'").scalar()
    return None if found is None else str(found)
