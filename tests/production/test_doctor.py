"""The doctor at a whole deployment: every part real or a stand-in over its wire, and nothing is wrong with it."""

import time
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import httpx2
import pytest

from core.clients.probe import Prober
from core.doctor.examining import judge
from core.doctor.finding import Level
from core.doctor.probes import build_probes, gather
from core.doctor.site_look import look_at_site
from core.settings import load_settings
from tests.production.deployment import Deployment
from tests.production.proxies import Make, caddy, nginx, running, trusting
from tests.unit.doctor.well import SITE

PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.clients.probe.PATIENCE", httpx2.Timeout(PATIENCE_S))
    monkeypatch.setattr("core.clients.openai_models.PATIENCE", httpx2.Timeout(PATIENCE_S))
    monkeypatch.setattr("core.doctor.probes.SHORT_PATIENCE", httpx.Timeout(PATIENCE_S))


def test_it_finds_no_problem_and_a_living_worker(deployment: Deployment) -> None:
    wait_for_a_worker(deployment)
    settings = load_settings({**deployment.environment, "PUBLIC_URL": deployment.second})

    with ExitStack() as endings:
        seen = gather(settings, build_probes(settings, endings), longest_s=PATIENCE_S)
    found = {one.name: one for one in judge(seen).findings}

    assert {name: one.found for name, one in found.items() if one.level is Level.RED} == {}
    assert found["worker"].found.startswith("Alive")
    assert found["database_worker"].found.endswith("through a pooler.")
    assert found["site"].found == "Answers, and is well."


@pytest.mark.parametrize(("make", "file"), [(nginx, "staffroom.conf"), (caddy, "Caddyfile")], ids=["nginx", "caddy"])
def test_it_sees_the_site_and_its_stream_through_the_shipped_proxies(
    make: Make, file: str, deployment: Deployment, tmp_path: Path
) -> None:
    behind = urlsplit(deployment.second).netloc
    with (
        running(make(tmp_path, file, behind), deployment.programs.hold) as proxy,
        closing(Prober(tls=trusting())) as prober,
    ):
        seen = look_at_site(proxy.address, prober)

    assert seen == SITE


def wait_for_a_worker(deployment: Deployment) -> None:
    """One that has just started gives its first sign soon."""
    give_up_at = time.monotonic() + PATIENCE_S
    while not deployment.value("select count(*) from procrastinate.procrastinate_workers"):
        assert time.monotonic() < give_up_at, "no worker came to life"
        time.sleep(0.05)
