"""How long the start takes and what the process weighs: ready, first paint of the roster, memory at rest."""

import shutil
import tempfile
import time
from pathlib import Path

import psutil

from tests.e2e.browsing import Running, open_browser, running_app, visiting

REST_S = 10


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="bn", dir="/tmp"))
    try:
        with running_app(folder) as first:
            report("ready, from an empty data folder", first.ready_s, 15, "s")
        with running_app(folder) as running:
            report("ready", running.ready_s, 5, "s")
            painted_s = running.ready_s + first_paint_s(running.address)
            report("first paint of the roster after the start", painted_s, 7, "s")
            time.sleep(REST_S)
            report("memory of the process", memory_mb(running), 350, "MB")
    finally:
        shutil.rmtree(folder)


def first_paint_s(address: str) -> float:
    with open_browser() as browser, visiting(browser, address) as visit:
        begun = time.monotonic()
        visit.page.goto(f"{address}/Student_roster")
        visit.page.get_by_role("button", name="Generate photo").first.wait_for()
        return time.monotonic() - begun


def memory_mb(running: Running) -> float:
    return psutil.Process(running.process.pid).memory_info().rss / 1e6


def report(what: str, value: float, limit: float, unit: str) -> None:
    verdict = "ok" if value <= limit else "OVER"
    print(f"{verdict:4} {what}: {value:.1f} {unit} (at most {limit} {unit})", flush=True)


if __name__ == "__main__":
    main()
