"""kill -9 of the worker at each point of a portrait's way, again and again: what is billed twice, lost or late."""

import math
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bench._findings import Findings
from bench._studios import server_of_this_run, studio_of
from core.demo.pauses import Timing
from tests.integration.photos.crash_runs import ENDED_WITHIN_S, EVERY_POINT, Crash, crash_batch, crash_single
from tests.integration.photos.noting_stand_in import NotingStandIn
from tests.postgres import Server

RUNS = 20
# Mostly they wait for a rescue, so several go on at once, each with a database and a provider of its own.
AT_ONCE = 6
LONGEST_S = 600


def main() -> int:
    findings = Findings("crashes")
    begun = time.monotonic()
    with server_of_this_run() as server:
        for point in EVERY_POINT:
            _report(findings, point, _crashes(server, point))
    findings.add("all of it", time.monotonic() - begun, "s", at_most=LONGEST_S)
    return findings.close()


def _crashes(server: Server, point: str) -> list[Crash]:
    """Every other one of a class's portraits, the others of a single one."""
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        return list(at_once.map(lambda run: _crash(server, point, is_batch=run % 2 == 0), range(RUNS)))


def _crash(server: Server, point: str, *, is_batch: bool) -> Crash:
    stand_in = NotingStandIn(Timing(hang_s=LONGEST_S))
    crash = crash_batch if is_batch else crash_single
    with studio_of(server, stand_in) as (studio, provider):
        try:
            return crash(studio, stand_in, provider, point)
        except AssertionError as error:
            return Crash(point, (), [f"gave up waiting: {error}"], math.inf)


def _report(findings: Findings, point: str, crashes: Sequence[Crash]) -> None:
    for crash in crashes:
        if crash.complaints:
            print(f"{point}: {'; '.join(crash.complaints)}", file=sys.stderr)
    findings.add(f"{point}: runs with a second bill", sum(bool(crash.billed_twice) for crash in crashes), at_most=0)
    findings.add(f"{point}: runs with wrong books", sum(bool(crash.wrong) for crash in crashes), at_most=0)
    findings.add(f"{point}: slowest end", max(crash.ended_after_s for crash in crashes), "s", at_most=ENDED_WITHIN_S)


if __name__ == "__main__":
    sys.exit(main())
